//! Departments of a company and what people in them are called, level by level.

/// A part of the company under one chief.
pub(super) struct Department {
    /// The title of who leads it.
    pub(super) chief: &'static str,
    /// Its name, as in `VP of Sales`.
    name: &'static str,
    /// The titles of those whom nobody reports to.
    trades: [&'static str; 5],
}

const fn department(chief: &'static str, name: &'static str, trades: [&'static str; 5]) -> Department {
    Department { chief, name, trades }
}

pub(super) static DEPARTMENTS: [Department; 8] = [
    department(
        "Chief Revenue Officer",
        "Sales",
        ["Account Executive", "SDR", "BDR", "Enterprise Account Executive", "Solutions Engineer"],
    ),
    department(
        "Chief Customer Officer",
        "Customer Success",
        [
            "Customer Success Manager",
            "Support Engineer",
            "Onboarding Specialist",
            "Renewals Manager",
            "Technical Account Manager",
        ],
    ),
    department(
        "Chief Technology Officer",
        "Engineering",
        [
            "Software Engineer",
            "Senior Software Engineer",
            "Site Reliability Engineer",
            "QA Engineer",
            "Staff Engineer",
        ],
    ),
    department(
        "Chief Marketing Officer",
        "Marketing",
        [
            "Content Writer",
            "Demand Generation Specialist",
            "Product Marketing Manager",
            "Event Coordinator",
            "Designer",
        ],
    ),
    department(
        "Chief Product Officer",
        "Product",
        ["Product Manager", "Product Designer", "UX Researcher", "Technical Writer", "Product Analyst"],
    ),
    department(
        "Chief Financial Officer",
        "Finance",
        ["Accountant", "FP&A Analyst", "Deal Desk Analyst", "Payroll Specialist", "Procurement Specialist"],
    ),
    department(
        "Chief People Officer",
        "People",
        [
            "Recruiter",
            "HR Business Partner",
            "People Operations Specialist",
            "Sales Trainer",
            "Office Coordinator",
        ],
    ),
    department(
        "Chief Operating Officer",
        "Operations",
        [
            "Revenue Operations Analyst",
            "Business Analyst",
            "IT Administrator",
            "Data Analyst",
            "Program Manager",
        ],
    ),
];

impl Department {
    /// The title of somebody who leads others, by how far below the chief executive; 0 is the chief
    /// executive.
    pub(super) fn leader(&self, level: u8) -> String {
        let name = self.name;
        match level {
            0 => "Chief Executive Officer".to_owned(),
            1 => self.chief.to_owned(),
            2 => format!("VP of {name}"),
            3 => format!("Senior Director, {name}"),
            4 => format!("Director, {name}"),
            5 => format!("Senior {name} Manager"),
            _ => format!("{name} Manager"),
        }
    }

    /// The title of somebody who leads nobody.
    pub(super) fn member(&self, rng: &mut fastrand::Rng) -> String {
        self.trades[rng.usize(..self.trades.len())].to_owned()
    }
}
