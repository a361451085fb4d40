//! Names that a hurried eye takes for another (T-35).

/// Whether two different names look alike: the same skeleton (`0`/`o`, `1`/`l`/`i`, `rn`/`m`, `vv`/`w`, hyphens), or
/// so few edits apart that a slip of the finger leads from one to the other, or one is the other plus a usual ending.
pub fn looks_like(name: &str, known: &str) -> bool {
    if name == known {
        return false;
    }
    let allowed = if name.len().min(known.len()) < 5 { 1 } else { 2 };
    skeleton(name) == skeleton(known) || edits(name, known) <= allowed || is_extended(name, known)
}

fn skeleton(name: &str) -> String {
    let plain: String = name.chars().filter(|c| *c != '-').collect();
    let joined = plain.replace("rn", "m").replace("vv", "w").replace("cl", "d");
    let fold = |c| match c {
        '0' => 'o',
        '1' | 'i' => 'l',
        '5' => 's',
        '3' => 'e',
        '4' => 'a',
        other => other,
    };
    joined.chars().map(fold).collect()
}

fn is_extended(name: &str, known: &str) -> bool {
    let rest = name.strip_prefix(known).and_then(|rest| rest.strip_prefix('-'));
    matches!(rest, Some("mods" | "mod" | "official" | "team" | "dev" | "real" | "2"))
}

/// Optimal string alignment distance: insertions, deletions, replacements, swaps of neighbours.
fn edits(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t35_lookalikes_are_named() {
        for name in ["alicc", "a1ice", "alice-mods", "al-ice", "laice", "alice2"] {
            assert!(looks_like(name, "alice"), "{name}");
        }
        for name in ["alice", "bob", "malory", "alice-and-friends"] {
            assert!(!looks_like(name, "alice"), "{name}");
        }
        assert!(looks_like("modernrn", "modernm"));
        assert!(!looks_like("ab", "cd"));
    }
}
