use super::*;

#[test]
fn no_page_may_load_from_another_host_or_run_what_stands_in_it() {
    for policy in [STRICT, OF_GRAPHIQL] {
        let policy = policy.to_str().unwrap();
        let parts: Vec<_> = policy.split("; ").collect();
        assert_eq!((parts[0], parts.last().copied()), ("default-src 'none'", Some("frame-ancestors 'none'")));
        assert!(parts.contains(&"script-src 'self'") && parts.contains(&"connect-src 'self'"));
        for source in parts.iter().flat_map(|part| part.split(' ').skip(1)) {
            assert!(["'none'", "'self'", "'unsafe-inline'", "data:"].contains(&source), "{source}");
        }
    }
    assert!(!STRICT.to_str().unwrap().contains("unsafe") && !STRICT.to_str().unwrap().contains("data:"));
    let loose = OF_GRAPHIQL;
    let loose = loose.to_str().unwrap();
    assert_eq!(loose.matches("unsafe").count(), 1);
    assert!(loose.contains("; style-src 'self' 'unsafe-inline';"));
}

#[test]
fn the_pages_bring_no_script_or_style_within_them() {
    for page in [path::ROOT, path::GRAPHIQL] {
        let text = embedded::find(page).unwrap().plain().unwrap();
        let text = std::str::from_utf8(&text).unwrap();
        for tag in text.split("<script").skip(1).map(|tag| tag.split('>').next().unwrap()) {
            assert!(tag.contains(" src=\"/assets/"), "{page}: {tag}");
        }
        for inline in ["<style", " style=", " onclick=", " onload=", " onerror=", "javascript:", "//"] {
            assert!(!text.contains(inline), "{page}: {inline}");
        }
        // Whatever a page names is there.
        for link in text.split('"').filter(|text| text.starts_with("/assets/")) {
            assert!(embedded::find(link).is_some(), "{page}: {link}");
        }
    }
}
