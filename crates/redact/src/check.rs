//! Check digits and the ranges that numbers may have. All take ASCII, digits as bytes `b'0'..=b'9'`.

/// The check digit of cards (Luhn; ISO/IEC 7812-1 annex B).
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(digit.wrapping_sub(b'0'));
            match (place % 2, value) {
                (0, value) => value,
                (_, value) if value > 4 => value * 2 - 9,
                (_, value) => value * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether digits begin and are as long as an issuer's cards are: `UnionPay` 62 (16 to 19), domestic 9558 and 955880 (19), Visa 4 (16), Mastercard 51–55
/// and 2221–2720 (16), American Express 34 and 37 (15), JCB 35 (16), Diners and Discover 30, 36, 38, 60, 64, 65 (14 to 16).
pub(crate) fn issued(digits: &[u8]) -> bool {
    let head = |count: usize| number(digits.get(..count).unwrap_or_default());
    match digits.len() {
        14 => matches!(head(2), 30 | 36 | 38),
        15 => matches!(head(2), 34 | 37),
        16 => {
            matches!(head(2), 62 | 51..=55 | 35 | 60 | 64 | 65)
                || digits.first() == Some(&b'4')
                || (2221..=2720).contains(&head(4))
                || matches!(head(4), 9558)
        }
        17 | 18 => head(2) == 62,
        19 => head(2) == 62 || head(4) == 9558,
        _ => false,
    }
}

/// A resident's number of 18 characters: province, date of birth, check character (GB 11643-1999: ISO 7064 MOD 11-2).
pub(crate) fn resident(number_: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (Some(body), Some(last)) = (number_.get(..17), number_.get(17)) else { return false };
    if number_.len() != 18 || !resident_form(number_) {
        return false;
    }
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = b"10X98765432".get((sum % 11) as usize);
    check.is_some_and(|check| last.eq_ignore_ascii_case(check))
}

/// Whether the first 17 of 18 characters are a province and a date of birth that there can be.
pub(crate) fn resident_form(number_: &[u8]) -> bool {
    let Some(body) = number_.get(..17) else { return false };
    body.iter().all(u8::is_ascii_digit)
        && province(body)
        && date(number(body.get(6..10).unwrap_or_default()), body.get(10..14).unwrap_or_default())
}

/// A resident's number of the first kind, 15 digits: it has no check character, so a word beside it has to say what it is.
pub(crate) fn resident_old(digits: &[u8]) -> bool {
    digits.len() == 15
        && province(digits)
        && date(1900 + number(digits.get(6..8).unwrap_or_default()), digits.get(8..12).unwrap_or_default())
}

/// The provinces' numbers of GB/T 2260.
fn province(digits: &[u8]) -> bool {
    matches!(
        number(digits.get(..2).unwrap_or_default()),
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83
    )
}

fn date(year: u64, month_day: &[u8]) -> bool {
    let month = number(month_day.get(..2).unwrap_or_default());
    let day = number(month_day.get(2..4).unwrap_or_default());
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    (1900..=2099).contains(&year) && (1..=days).contains(&day)
}

/// Characters of a unified social credit code.
pub(crate) const CREDIT_CODE: usize = 18;

/// A unified social credit code: 18 characters without I, O, S, V, Z, check character modulo 31 (GB 32100-2015).
pub(crate) fn credit_code(code: &[u8]) -> bool {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    if code.len() != CREDIT_CODE {
        return false;
    }
    let value = |byte: &u8| {
        let byte = byte.to_ascii_uppercase();
        ALPHABET.iter().position(|known| *known == byte).map(|at| at as u32)
    };
    let Some(values) = code.iter().map(value).collect::<Option<Vec<u32>>>() else { return false };
    if !credit_form(code) {
        return false;
    }
    let mut weight = 1;
    let mut sum = 0;
    for value in values.iter().take(17) {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    values.last() == Some(&((31 - sum % 31) % 31))
}

/// Whether 18 characters have the form of a unified social credit code: registering body (1, 5, 9 and others of the standard's annex), region of six digits.
pub(crate) fn credit_form(code: &[u8]) -> bool {
    code.len() == CREDIT_CODE
        && code.iter().all(u8::is_ascii_alphanumeric)
        && code.get(2..8).is_some_and(|region| region.iter().all(u8::is_ascii_digit))
}

/// Whether eleven digits can be a mobile number: 13x to 19x are given out, 14x and 16x partly to machines (public numbering plan of the ministry).
pub(crate) fn mobile(digits: &[u8]) -> bool {
    digits.len() == 11 && digits.first() == Some(&b'1') && digits.get(1).is_some_and(|second| *second >= b'3')
}

/// The value of digits, at most 19 of them.
pub(crate) fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit.wrapping_sub(b'0') & 0x0f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_hold_and_any_other_digit_does_not() {
        // ISO/IEC 7812-1 and the issuers' own test numbers.
        assert!(luhn(b"4111111111111111") && issued(b"4111111111111111"));
        assert!(luhn(b"6222021234567894") == (checksum(b"622202123456789") == b'4'));
        // GB 11643-1999, annex.
        assert!(resident(b"11010519491231002X") && resident(b"11010519491231002x"));
        assert!(resident(b"440524188001010014") == date(1880, b"0101"), "nobody alive was born in 1880");
        // GB 32100-2015: Tencent and Alibaba, as published in the national register.
        assert!(credit_code(b"9144030071526726XG") && credit_code(b"91330100799655058B"));
        for code in [&b"9144030071526726XH"[..], b"91440300715267260G", b"9144030071526726X"] {
            assert!(!credit_code(code));
        }
        for at in 0..18 {
            let mut altered = *b"11010519491231002X";
            if let Some(byte) = altered.get_mut(at) {
                *byte = if *byte == b'7' { b'8' } else { b'7' };
            }
            assert!(!resident(&altered), "{at}");
        }
    }

    fn checksum(body: &[u8]) -> u8 {
        (b'0'..=b'9').find(|last| luhn(&[body, &[*last]].concat())).unwrap_or(b'?')
    }

    #[test]
    fn there_is_no_31_of_june_and_no_province_99() {
        assert!(!resident_form(b"110105194906310020") && !resident_form(b"990105194912310020"));
        assert!(resident_form(b"110105200002290020") && !resident_form(b"110105190002290020"));
        assert!(resident_old(b"110105491231002") && !resident_old(b"110105491331002"));
    }
}
