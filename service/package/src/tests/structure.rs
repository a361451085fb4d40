//! T-50 to T-65: what an archive must not be.

use muster_domain::Coded as _;

use super::{
    GO,
    craft::{Craft, Part, manifest},
    text,
};
use crate::{Limits, Result, Validated, validate, validate_foreign, verify};

/// The code of the refusal, of the structure first and of the contents after it.
fn refusal(archive: &[u8]) -> &'static str {
    let checked = validate(archive, &Limits::default()).and_then(|package| verify(archive, &package, GO));
    checked.expect_err("must be refused").code()
}

fn accepted(archive: &[u8]) -> Validated {
    let package = validate(archive, &Limits::default()).expect("must be accepted");
    verify(archive, &package, GO).expect("contents are right");
    package
}

fn with_name(name: &[u8]) -> Vec<u8> {
    let part = Part::stored("files/x", b"1").with(|part| {
        part.name = name.to_vec();
        part.flags = if name.is_ascii() { 0 } else { 0x0800 };
    });
    Craft::payload(&[], vec![part]).build()
}

fn changed(change: impl FnOnce(&mut Part)) -> Vec<u8> {
    let files: &[(&str, &[u8])] = &[("x", b"content")];
    Craft::payload(files, vec![Part::stored("files/x", b"content").with(change)]).build()
}

fn archive(change: impl FnOnce(&mut Craft)) -> Vec<u8> {
    let mut craft = Craft::package(&[("a", b"1"), ("b", b"2")]);
    change(&mut craft);
    craft.build()
}

#[test]
fn accepts_a_sound_package() {
    let package = accepted(&archive(|_| {}));
    assert_eq!(package.files().len(), 2);
    assert_eq!(package.manifest().title, "Cool mod");
    let deflated = text(900_000);
    let files: &[(&str, &[u8])] = &[("Grüße/ß.txt", &deflated)];
    accepted(&Craft::payload(files, vec![Part::deflated("files/Grüße/ß.txt", &deflated)]).build());
}

#[test]
fn t50_to_t56_refuses_names_that_some_system_reads_differently() {
    let long_part = format!("files/{}", "é".repeat(130));
    let long_path = format!("files/{}", "abcdefghi/".repeat(20) + "x");
    let deep = format!("files/{}", "a/".repeat(40) + "x");
    let names = [
        "",
        "../x",
        "files/../../x",
        "files/..\\x",
        "files/a\\b",
        "/abs",
        "//srv/share",
        "C:/x",
        "files/C:x",
        "\\\\?\\C:\\x",
        "./a",
        "files//b",
        "files/a/.",
        "files/a/",
        "files/a\nb",
        "files/a\u{7f}",
        "files/a\u{202e}b",
        "files/a\u{200b}b",
        "files/CON",
        "files/nul.txt",
        "files/COM1.dll/x",
        "files/lpt¹",
        "files/CONIN$",
        "files/aux .txt",
        "files/a.dll:evil",
        "files/a.dll::$DATA",
        "files/PROGRA~1/x",
        "files/LONGNA~1.DLL",
        "files/a.",
        "files/a ",
        "files/e\u{301}",
        "files/\u{fffd}",
        &long_part,
        &long_path,
        &deep,
    ];
    for name in names {
        assert_eq!(refusal(&with_name(name.as_bytes())), "package-path", "{name:?}");
    }
    assert_eq!(refusal(&with_name(b"files/a\0b")), "package-path");
    assert_eq!(refusal(&with_name(b"files/a\xff")), "package-name-encoding");
    // Code page 437, or whatever a reader takes it for.
    assert_eq!(refusal(&changed(|part| part.name = "files/é".into())), "package-name-encoding");
}

#[test]
fn t52_refuses_names_that_collide_on_some_system() {
    let pairs = [
        ("Data/a", "data/A"),
        ("Data/a", "data/b"),
        ("a", "a/b"),
        ("a/b", "A"),
        ("straße", "STRASSE"),
        ("İ", "i̇"),
        ("\u{212a}", "k"),
        ("ﬁ", "fi"),
        ("a/B/c", "a/b/d"),
    ];
    for (first, second) in pairs {
        for (one, other) in [(first, second), (second, first)] {
            let parts = [one, other].map(|name| Part::stored(&format!("files/{name}"), b"1"));
            let built = Craft::payload(&[], parts.to_vec()).build();
            let code = refusal(&built);
            // `i` with a combining dot is not in normal form either.
            assert!(matches!(code, "package-name-collision" | "package-path"), "{one} {other}: {code}");
        }
    }
}

#[test]
fn t57_refuses_links_and_special_files() {
    for mode in
        [0o120_777, 0o010_644, 0o020_644, 0o060_644, 0o140_644, 0o104_755, 0o102_755, 0o101_777, 0o040_755]
    {
        assert_eq!(refusal(&changed(|part| part.attributes = mode << 16)), "package-special", "{mode:o}");
    }
    assert_eq!(refusal(&changed(|part| part.attributes = 0x10)), "package-special");
    assert_eq!(refusal(&changed(|part| part.attributes = 0x400)), "package-special");
    for attributes in [0, 0x20, 0o100_755 << 16] {
        accepted(&changed(|part| part.attributes = attributes));
    }
}

#[test]
fn t58_refuses_the_same_name_twice() {
    let twice =
        Craft::payload(&[("x", b"1")], vec![Part::stored("files/x", b"1"), Part::stored("files/x", b"2")]);
    assert_eq!(refusal(&twice.build()), "package-duplicate-name");
    let text = manifest(&[]);
    let manifests = Craft::payload(&[], vec![Part::stored("manifest.yaml", text.as_bytes())]);
    assert_eq!(refusal(&manifests.build()), "package-duplicate-name");
    let case = Craft::payload(&[], vec![Part::stored("Manifest.YAML", text.as_bytes())]);
    assert_eq!(refusal(&case.build()), "package-name-collision");
}

#[test]
fn t59_refuses_headers_that_contradict_each_other() {
    let changes: [fn(&mut Part); 7] = [
        |part| part.local_name = Some(b"files/y".to_vec()),
        |part| part.local_name = Some(b"files/xx".to_vec()),
        |part| part.local_numbers = Some([0, 7, 7]),
        |part| part.local_numbers = Some([part.crc, 6, 7]),
        |part| part.local_numbers = Some([part.crc, 7, 8]),
        |part| part.local_method = Some(8),
        |part| part.local_flags = Some(0x0800),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        assert_eq!(refusal(&changed(change)), "package-header-mismatch", "change {index}");
    }
    assert_eq!(refusal(&changed(|part| part.flags = 8)), "package-flags");
}

#[test]
fn t60_refuses_every_second_reading_of_the_file() {
    let sound = archive(|_| {});
    assert_eq!(refusal(&[sound.clone(), sound.clone()].concat()), "package-gap");
    assert_eq!(refusal(&archive(|craft| craft.comment = b"hello".to_vec())), "package-end-record");
    let inner = archive(|craft| craft.parts.truncate(2));
    assert_eq!(refusal(&archive(|craft| craft.comment = inner)), "package-gap");
    assert_eq!(refusal(&archive(|craft| craft.prefix = b"MZ program".to_vec())), "package-gap");
    let shifted = archive(|craft| {
        craft.prefix = b"MZ program".to_vec();
        craft.shifts = true;
    });
    assert_eq!(refusal(&shifted), "package-gap");
    assert_eq!(refusal(&archive(|craft| craft.tail = b"x".to_vec())), "package-end-record");
    assert_eq!(refusal(&archive(|craft| craft.before_directory = b"x".to_vec())), "package-gap");
    assert_eq!(refusal(&archive(|craft| craft.parts[1].after = b"x".to_vec())), "package-gap");
    assert_eq!(refusal(&archive(|craft| craft.parts[1].is_listed = false)), "package-gap");
    assert_eq!(refusal(&archive(|craft| craft.parts[2].is_listed = false)), "package-gap");
    assert_eq!(refusal(&archive(|craft| craft.parts.swap(0, 1))), "package-manifest-missing");
    assert_eq!(refusal(&archive(|craft| craft.parts.swap(1, 2))), "package-order");
    assert_eq!(refusal(&archive(|craft| craft.count = Some(2))), "package-directory");
    assert_eq!(refusal(&archive(|craft| craft.count = Some(4))), "package-directory");
}

#[test]
fn t61_refuses_overlapping_entries_before_inflating() {
    let zeros = vec![0; 1_000_000];
    let mut parts = vec![Part::deflated("files/n0000", &zeros)];
    let offset = Craft::payload(&[], parts.clone()).build().windows(4).rposition(|w| w == b"PK\x03\x04");
    let offset = offset.expect("the last local header") as u32;
    for n in 1..1_000 {
        parts.push(Part::stored(&format!("files/n{n:04}"), b"").with(|part| part.offset = Some(offset)));
    }
    assert_eq!(refusal(&Craft::payload(&[], parts).build()), "package-overlap");
    let inside = changed(|part| {
        part.compressed += 40;
        part.size += 40;
    });
    assert_eq!(refusal(&inside), "package-overlap");
}

#[test]
fn t62_refuses_bombs_by_their_numbers() {
    let zeros = vec![0; 20_000_000];
    let bomb = Craft::payload(&[("x", &zeros)], vec![Part::deflated("files/x", &zeros)]).build();
    assert!(bomb.len() < 30_000);
    assert_eq!(refusal(&bomb), "package-ratio");
    let lie = |size: u32| {
        let content = text(10_000);
        let part = Part::deflated("files/x", &content).with(|part| part.size = size);
        let text = manifest(&[("x", &content)]).replace("size: 10000", &format!("size: {size}"));
        let parts = vec![Part::stored("manifest.yaml", text.as_bytes()), part];
        refusal(&Craft { parts, ..Craft::default() }.build())
    };
    assert_eq!(lie(9_999), "package-data");
    assert_eq!(lie(10_001), "package-data");
    assert_eq!(lie(0), "package-data");
    assert_eq!(refusal(&changed(|part| part.size = u32::MAX)), "package-zip64");
    assert_eq!(refusal(&changed(|part| part.offset = Some(u32::MAX))), "package-zip64");
    assert_eq!(refusal(&archive(|craft| craft.count = Some(u16::MAX))), "package-zip64");
    let few = Limits { entries: 2, ..Limits::default() };
    let code = |result: Result<Validated>| result.expect_err("refused").code();
    let three = archive(|_| {});
    assert_eq!(code(validate(&three, &few)), "package-too-many-entries");
    assert_eq!(code(validate(&three, &Limits { total: 10, ..Limits::default() })), "package-too-large");
    assert_eq!(code(validate(&three, &Limits { file: 0, ..Limits::default() })), "package-entry-too-large");
    assert_eq!(code(validate(&three, &Limits::for_archive(10))), "package-too-large");
}

#[test]
fn t62_refuses_a_hundred_thousand_empty_entries() {
    let parts = (0..100_001).map(|n| Part::stored(&format!("files/{n:06}"), b"")).collect();
    let built = Craft::payload(&[], parts).build();
    assert!(matches!(refusal(&built), "package-directory" | "package-too-many-entries"));
}

#[test]
fn t62_refuses_more_folders_than_files_explain() {
    let deep = |n: u32| format!("files/{}x", format!("{n:x}/").repeat(20));
    let parts = (0..7_000).map(|n| Part::stored(&deep(n), b"")).collect();
    assert_eq!(refusal(&Craft::payload(&[], parts).build()), "package-too-many-entries");
}

#[test]
fn t63_refuses_damage_and_what_is_not_supported() {
    assert_eq!(refusal(&changed(|part| part.crc ^= 1)), "package-checksum");
    assert_eq!(refusal(&changed(|part| part.flags = 1)), "package-encrypted");
    assert_eq!(refusal(&changed(|part| part.flags = 0x41)), "package-encrypted");
    assert_eq!(refusal(&changed(|part| part.flags = 0x2000)), "package-encrypted");
    assert_eq!(refusal(&changed(|part| part.flags = 0x20)), "package-flags");
    for method in [1, 6, 9, 12, 14, 93, 95, 97, 99] {
        assert_eq!(refusal(&changed(|part| part.method = method)), "package-method", "{method}");
    }
    assert_eq!(refusal(&archive(|craft| craft.disks = [0, 1])), "package-multi-disk");
    assert_eq!(refusal(&archive(|craft| craft.parts[1].disk = 1)), "package-multi-disk");
    let other = Craft::payload(&[("x", b"expected")], vec![Part::stored("files/x", b"tampered")]);
    assert_eq!(refusal(&other.build()), "package-hash");
    let content = text(1_000);
    let trailing = Part::deflated("files/x", &content).with(|part| {
        part.stored.push(0);
        part.compressed += 1;
    });
    assert_eq!(refusal(&Craft::payload(&[("x", &content)], vec![trailing]).build()), "package-data");
    let garbage = Part::deflated("files/x", &content).with(|part| part.stored.fill(0xff));
    assert_eq!(refusal(&Craft::payload(&[("x", &content)], vec![garbage]).build()), "package-data");
}

#[test]
fn t63_refuses_every_truncation() {
    let content = text(3_000);
    let files: &[(&str, &[u8])] = &[("a", b"1"), ("x", &content)];
    let parts = vec![Part::stored("files/a", b"1"), Part::deflated("files/x", &content)];
    let whole = Craft::payload(files, parts).build();
    accepted(&whole);
    for length in 0..whole.len() {
        assert!(validate(&whole[..length], &Limits::default()).is_err(), "{length} of {}", whole.len());
    }
}

#[test]
fn t64_refuses_extra_fields_that_give_another_name() {
    let mut field = vec![0x75, 0x70, 10, 0, 1, 0, 0, 0, 0];
    field.extend(b"evil!");
    assert_eq!(refusal(&changed(|part| part.extra = field.clone())), "package-extra-field");
    assert_eq!(refusal(&changed(|part| part.local_extra = field.clone())), "package-extra-field");
    assert_eq!(refusal(&changed(|part| part.comment = b"x".to_vec())), "package-extra-field");
    let foreign = |extra: &[u8]| {
        let craft = Craft {
            parts: vec![Part::stored("x", b"1").with(|p| p.extra = extra.to_vec())],
            ..Craft::default()
        };
        validate_foreign(&craft.build(), &Limits::default())
            .map(|entries| entries.len())
            .map_err(|e| e.code())
    };
    assert_eq!(foreign(&field), Err("package-extra-field"));
    assert_eq!(foreign(&[1, 0, 0, 0]), Err("package-extra-field"), "ZIP64");
    assert_eq!(foreign(&[0x55, 0x54, 9, 0, 1]), Err("package-extra-field"), "cut short");
    assert_eq!(foreign(&[0x55, 0x54, 1, 0, 1]), Ok(1), "a time stamp");
}

#[test]
fn t65_the_manifest_and_the_archive_hold_the_same_files() {
    let one: (&str, &[u8]) = ("a", b"1");
    let part = |name: &str| Part::stored(&format!("files/{name}"), b"1");
    let code = |listed: &[(&str, &[u8])], parts| refusal(&Craft::payload(listed, parts).build());
    assert_eq!(code(&[one], vec![part("a"), part("b")]), "package-unlisted");
    assert_eq!(code(&[one, ("b", b"1")], vec![part("a")]), "package-missing-file");
    assert_eq!(code(&[("a", b"22")], vec![part("a")]), "package-size-differs");
    assert_eq!(code(&[one, one], vec![part("a")]), "package-manifest-field");
    assert_eq!(code(&[("b", b"1"), one], vec![part("a"), part("b")]), "package-manifest-field");
    assert_eq!(code(&[], vec![Part::stored("readme", b"1")]), "package-outside");
    assert_eq!(code(&[], vec![Part::stored("filesx/a", b"1")]), "package-outside");
    let parts = vec![Part::stored("files/a", b"1")];
    assert_eq!(refusal(&Craft { parts, ..Craft::default() }.build()), "package-manifest-missing");
    assert_eq!(refusal(&Craft::default().build()), "package-manifest-missing");
}

#[test]
fn foreign_archives_may_have_folders_and_descriptors_but_no_traps() {
    let descriptor = |part: &Part, marked: bool| {
        let mut bytes = if marked { b"PK\x07\x08".to_vec() } else { Vec::new() };
        [part.crc, part.compressed, part.size].iter().for_each(|n| bytes.extend(n.to_le_bytes()));
        bytes
    };
    let folder = Part::stored("d/", b"").with(|part| part.attributes = 0x10 | 0o040_755 << 16);
    let streamed = |marked| {
        Part::deflated("d/z", &text(500)).with(|part| {
            part.flags = 8;
            part.local_numbers = Some([0, 0, 0]);
            part.after = descriptor(part, marked);
        })
    };
    let check = |parts: Vec<Part>| {
        let built = Craft { parts, ..Craft::default() }.build();
        validate_foreign(&built, &Limits::default()).map(|entries| entries.len()).map_err(|e| e.code())
    };
    let plain = Part::stored("d/a", b"1");
    assert_eq!(check(vec![folder.clone(), streamed(true), plain.clone()]), Ok(2));
    assert_eq!(check(vec![streamed(false), plain.clone(), folder.clone()]), Ok(2));
    let wrong = streamed(true).with(|part| part.after[5] ^= 1);
    assert_eq!(check(vec![wrong]), Err("package-header-mismatch"));
    assert_eq!(check(vec![folder.clone(), folder.clone()]), Err("package-duplicate-name"));
    assert_eq!(check(vec![Part::stored("d", b"1"), folder]), Err("package-name-collision"));
    let escaping = Part::stored("../d/", b"").with(|part| part.attributes = 0x10);
    assert_eq!(check(vec![escaping]), Err("package-path"));
    assert_eq!(check(vec![plain.with(|part| part.attributes = 0o120_777 << 16)]), Err("package-special"));
}

#[test]
fn foreign_archives_may_have_a_comment_with_one_reading() {
    let part = || Part::stored("a/b.txt", b"content");
    let read = |comment: &[u8], tail: &[u8]| {
        let craft =
            Craft { parts: vec![part()], comment: comment.to_vec(), tail: tail.to_vec(), ..Craft::default() };
        validate_foreign(&craft.build(), &Limits::default())
            .map(|entries| entries.len())
            .map_err(|e| e.code())
    };
    assert_eq!(read(b"8f3c0e5d", b""), Ok(1), "as code hosts write it");
    assert_eq!(read(&[b'x'; 0xffff], b""), Ok(1));
    assert_eq!(read(b"8f3c0e5d", b"more"), Err("package-end-record"), "something behind the comment");
    assert_eq!(read(b"PK\x05\x06", b""), Err("package-end-record"), "a second reading");
    let inner = Craft { parts: vec![part()], ..Craft::default() }.build();
    assert!(read(&inner, b"").is_err(), "an archive inside the comment");
}
