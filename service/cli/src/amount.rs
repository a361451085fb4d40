//! Amounts of bytes as people write them.

/// Reads `500MB`, `2 GB`, `1.5GB`, `1048576`: decimal units, binary ones with an `i`. `None` if it is not an amount.
pub fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let (number, unit) = (text[..digits].replace(',', "."), text[digits..].trim().to_ascii_lowercase());
    let factor: u64 = match unit.as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "t" | "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    if whole.is_empty() || part.contains('.') || part.len() > 9 {
        return None;
    }
    let whole = u128::from(whole.parse::<u64>().ok()?) * u128::from(factor);
    let part = match part {
        "" => 0,
        digits => {
            u128::from(digits.parse::<u64>().ok()?) * u128::from(factor) / 10u128.pow(digits.len() as u32)
        }
    };
    u64::try_from(whole + part).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them_and_nothing_else_is_one() {
        for (text, bytes) in [
            ("500MB", 500_000_000),
            ("2 GB", 2_000_000_000),
            ("1.5gb", 1_500_000_000),
            ("1,5 GB", 1_500_000_000),
            ("64KiB", 65_536),
            ("1048576", 1_048_576),
            ("0", 0),
        ] {
            assert_eq!(parse(text), Some(bytes), "{text}");
        }
        for text in ["", "MB", "five", "5 sacks", "-1", "1.2.3", "a1/b1", "99999999999 TB", "٣MB"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
