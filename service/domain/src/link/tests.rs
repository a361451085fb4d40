use proptest::prelude::*;

use super::*;

#[test]
fn reads_what_it_writes() {
    let root = "ab".repeat(32);
    for text in [
        "muster://package/starter/lanterns/glow@1.2.0".to_owned(),
        "muster://package/starter/lanterns/glow".to_owned(),
        format!("muster://package/reg-{root}/lanterns/glow"),
        format!("muster://join/1/{root}/2417?peer=192.0.2.7:6881"),
        format!("muster://join/1/{root}/2417?peer=192.0.2.7:6881&peer=[2001:db8::7]:41000"),
        "muster://collection/starter/lanterns/evening".to_owned(),
        "muster://join/1/t.KLUv_SQA-9".to_owned(),
    ] {
        let link: Link = text.parse().expect("link");
        assert_eq!(link.to_string(), text);
    }
    let add = format!("muster://source/add?root={root}&at=https%3A%2F%2Fmods.example%2Fr");
    assert_eq!(
        add.parse::<Link>().expect("link"),
        Link::AddSource { root: root.parse().expect("hash"), at: "https://mods.example/r".into() }
    );
    assert!("MUSTER://package/starter/lanterns/glow".parse::<Link>().is_ok());
}

/// T-90
#[test]
fn refuses_hostile_links() {
    for (text, why) in [
        ("muster:install", LinkError::Scheme),
        ("https://x/", LinkError::Scheme),
        ("--flag", LinkError::Scheme),
        ("muster://run/x", LinkError::Verb),
        ("muster://", LinkError::Verb),
        ("muster://package/starter/a1/b1/extra", LinkError::Part),
        ("muster://package/starter/a1/b1?x=1", LinkError::Part),
        ("muster://package/starter/../b1", LinkError::Name),
        ("muster://package/starter/%2e%2e/b1", LinkError::Name),
        ("muster://package/starter/a1%00/b1", LinkError::Character),
        ("muster://package/starter/a1%2fb/b1", LinkError::Character),
        ("muster://package/starter/%2561/b1", LinkError::Character),
        ("muster://package/starter/a1/b1#x", LinkError::Character),
        ("muster://package/starter/a1\\b/b1", LinkError::Character),
        ("muster://package/starter/a1/b1\n", LinkError::Character),
        ("muster://package/starter/a1/b1 --x", LinkError::Character),
        ("muster://package/starter/a1/b%zz", LinkError::Character),
        ("muster://user@package/starter/a1/b1", LinkError::Verb),
        ("muster://package/file:..%2fx/a1/b1", LinkError::Character),
        ("muster://package/starter/a1/b1@latest", LinkError::Name),
        ("muster://source/add?root=zz&at=https://x", LinkError::Name),
        ("muster://source/add?at=file:///etc", LinkError::Name),
        ("muster://source/add?at=https://u@h/&root=1", LinkError::Name),
    ] {
        assert_eq!(text.parse::<Link>(), Err(why), "{text:?}");
    }
    let ticket = "ab".repeat(32);
    for (rest, why) in [
        ("/2417", LinkError::Part),
        ("/2417?peer=game.example:6881", LinkError::Name),
        ("/2417?peer=0.0.0.0:6881", LinkError::Name),
        ("/2417?peer=224.0.0.1:6881", LinkError::Name),
        ("/2417?peer=255.255.255.255:6881", LinkError::Name),
        ("/2417?peer=192.0.2.7:25", LinkError::Name),
        ("/2417?peer=192.0.2.7:0", LinkError::Name),
        ("/2417?peer=192.0.2.7:6881&peer=192.0.2.7:6881", LinkError::Name),
        ("/2417?peer=192.0.2.7:6881&then=/bin/sh", LinkError::Part),
        ("/2417?peer=192.0.2.7:6881&", LinkError::Part),
        ("/+2417?peer=192.0.2.7:6881", LinkError::Name),
        ("/0?peer=192.0.2.7:6881", LinkError::Name),
        ("/99999999999?peer=192.0.2.7:6881", LinkError::Name),
        ("/2417/more?peer=192.0.2.7:6881", LinkError::Part),
    ] {
        assert_eq!(format!("muster://join/1/{ticket}{rest}").parse::<Link>(), Err(why), "{rest:?}");
    }
    assert_eq!(
        format!("muster://join/2/{ticket}/1?peer=192.0.2.7:6881").parse::<Link>(),
        Err(LinkError::Verb)
    );
    for (rest, why) in [
        ("t.", LinkError::Name),
        ("t.a+b", LinkError::Name),
        ("t.ab%3d", LinkError::Name),
        ("t.ab==", LinkError::Name),
        ("t.ab%00", LinkError::Character),
        ("t.%2561", LinkError::Character),
        ("t.ab/..", LinkError::Part),
        ("t.ab?peer=192.0.2.7:6881", LinkError::Part),
        ("t.ab?then=/bin/sh", LinkError::Part),
        ("ab", LinkError::Part),
        (&format!("t.{}", "a".repeat(MAX_INLINE + 1)), LinkError::Name),
    ] {
        assert_eq!(format!("muster://join/1/{rest}").parse::<Link>(), Err(why), "{rest:?}");
    }
    let many: String = (0..9).map(|n| format!("peer=192.0.2.{n}:6881&")).collect();
    let many = format!("muster://join/1/{ticket}/1?{}", many.trim_end_matches('&'));
    assert_eq!(many.parse::<Link>(), Err(LinkError::Name), "nine players");
    assert_eq!("muster://".repeat(300).parse::<Link>(), Err(LinkError::TooLong));
}

/// T-90, T-94
#[test]
fn only_a_page_can_be_gone_back_to() {
    assert!("https://play.example/match?id=7".parse::<ReturnPage>().is_ok());
    let long = format!("https://play.example/{}", "a".repeat(MAX_PAGE));
    for hostile in [
        "",
        "/usr/bin/true",
        "file:///etc/passwd",
        "http://play.example/",
        "steam://run/1",
        "muster://source/add",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "https://user@play.example/",
        "https://play.example/#x",
        "https://play.example/\n",
        "https://play.example/a b",
        "HTTPS://play.example/",
        "https://play.example\\x",
        "https://pl\u{430}y.example/",
        "--flag",
        "\\\\server\\share",
        "ms-settings:",
        long.as_str(),
    ] {
        assert!(hostile.parse::<ReturnPage>().is_err(), "{hostile:?}");
    }
}

proptest! {
    #[test]
    fn never_panics_and_prints_what_it_read(text in "\\PC{0,80}|muster://(package|collection|source|join/1|join/1/t)[/.][a-zA-Z_%0-9@./?=&:-]{0,90}") {
        if let Ok(link) = text.parse::<Link>() {
            prop_assert_eq!(link.to_string().parse::<Link>(), Ok(link));
        }
    }
}
