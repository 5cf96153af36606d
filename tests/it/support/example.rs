//! A small company with everything in it, which many tests ask about.

use orgraph::simulator::{SimUser, Workspace};

use super::Service;

/// Ada leads Bo and Cy; Di is under Bo; Ed is under Cy, who has left. Fay and Gus manage each other, Hal is
/// under Gus. Ida manages herself. Jo's manager is nobody. Kim is alone.
pub fn company() -> Vec<SimUser> {
    let user = |id: &str, first: &str, title: &str, manager: Option<&str>| SimUser {
        first_name: Some(first.to_owned()),
        last_name: Some("Example".to_owned()),
        email_address: Some(format!("{}@example.org", first.to_lowercase())),
        title: Some(title.to_owned()),
        created: Some(format!("20{id}-03-01T10:00:00.5+02:00")),
        manager_id: manager.map(str::to_owned),
        ..SimUser::new(id)
    };
    vec![
        user("10", "Ada", "Chief Executive Officer", None),
        user("11", "Bo", "VP Sales", Some("10")),
        SimUser { active: false, ..user("12", "Cy", "VP Marketing", Some("10")) },
        user("13", "Di", "Account Executive", Some("11")),
        user("14", "Ed", "Designer", Some("12")),
        user("15", "Fay", "Director", Some("16")),
        user("16", "Gus", "Director", Some("15")),
        user("17", "Hal", "Account Executive", Some("16")),
        user("18", "Ida", "Advisor", Some("18")),
        user("19", "Jo", "Analyst", Some("404")),
        user("20", "Kim", "Contractor", None),
    ]
}

/// A service over it.
pub async fn service() -> Service {
    Service::over(Workspace::new(company())).await
}
