//! The little of DER (X.690) that time stamps need: a strict reader and a writer.
//!
//! Strict means: definite lengths in their shortest form, tags of one byte, nothing left over where
//! [`Der::end`] is called. The reader never copies, never recurses and never looks past its slice.

/// The bytes are not the DER that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DerError;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The tag of a constructed, context-specific element.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    /// The content.
    pub(crate) body: &'a [u8],
    /// Tag, length and content.
    pub(crate) whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// The elements inside.
    pub(crate) fn inside(&self) -> Der<'a> {
        Der(self.body)
    }
}

/// What is still to be read of a run of elements.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Der<'a>(pub(crate) &'a [u8]);

impl<'a> Der<'a> {
    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Element<'a>, DerError> {
        let bytes = self.0;
        let (&tag, rest) = bytes.split_first().ok_or(DerError)?;
        let (&first, mut rest) = rest.split_first().ok_or(DerError)?;
        let mut length = usize::from(first);
        if first & 0x80 != 0 {
            let count = usize::from(first & 0x7f);
            let (digits, after) = rest.split_at_checked(count).ok_or(DerError)?;
            // No indefinite length, none that would not fit, none with a needless zero in front.
            if !(1..=4).contains(&count) || digits.first() == Some(&0) {
                return Err(DerError);
            }
            length = digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit));
            if length < 0x80 {
                return Err(DerError);
            }
            rest = after;
        }
        let (body, after) = rest.split_at_checked(length).ok_or(DerError)?;
        let (whole, _) = bytes.split_at_checked(bytes.len() - after.len()).ok_or(DerError)?;
        if tag & 0x1f == 0x1f {
            return Err(DerError);
        }
        self.0 = after;
        Ok(Element { tag, body, whole })
    }

    /// The next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Result<Element<'a>, DerError> {
        let mut ahead = *self;
        let element = ahead.any()?;
        if element.tag != tag {
            return Err(DerError);
        }
        *self = ahead;
        Ok(element)
    }

    /// The next element if it has this tag.
    pub(crate) fn take_if(&mut self, tag: u8) -> Result<Option<Element<'a>>, DerError> {
        if self.0.first() == Some(&tag) { self.take(tag).map(Some) } else { Ok(None) }
    }

    /// Nothing may be left.
    pub(crate) fn end(&self) -> Result<(), DerError> {
        if self.0.is_empty() { Ok(()) } else { Err(DerError) }
    }

    /// Is nothing left?
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Writes an element; contents beyond 65,535 bytes are not needed by anyone here and come out empty.
pub(crate) fn write(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut out = vec![tag];
    match u16::try_from(body.len()).map(u16::to_be_bytes) {
        Ok([0, low]) if low < 0x80 => out.push(low),
        Ok([0, low]) => out.extend([0x81, low]),
        Ok([high, low]) => out.extend([0x82, high, low]),
        Err(_) => return vec![tag, 0],
    }
    out.extend(body);
    out
}

/// Writes a non-negative integer from its big-endian bytes.
pub(crate) fn write_unsigned(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let digits = bytes.get(start..).unwrap_or_default();
    // A leading zero keeps a set top bit from making it negative, and stands for zero itself.
    let sign: &[u8] = if digits.first().is_none_or(|byte| byte & 0x80 != 0) { &[0] } else { &[] };
    write(INTEGER, &[sign, digits])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_shortest_definite_lengths_are_read() {
        assert_eq!(Der(&[4, 1, 9]).any().unwrap().body, [9]);
        for bad in [
            &[][..],
            &[4],
            &[4, 2, 0],
            &[0x30, 0x80, 0, 0],
            &[4, 0x81, 1, 9],
            &[4, 0x82, 0, 1, 9],
            &[4, 0x85, 0, 0, 0, 0, 1, 9],
            &[0x1f, 1, 0],
            &[4, 0x84, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert_eq!(Der(bad).any(), Err(DerError), "{bad:?}");
        }
    }

    #[test]
    fn integers_are_written_in_their_shortest_form() {
        assert_eq!(write_unsigned(&[]), [2, 1, 0]);
        assert_eq!(write_unsigned(&[0, 0]), [2, 1, 0]);
        assert_eq!(write_unsigned(&[0, 0x7f]), [2, 1, 0x7f]);
        assert_eq!(write_unsigned(&[0x80]), [2, 2, 0, 0x80]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(body in proptest::collection::vec(any::<u8>(), 0..70_000)) {
            let out = write(OCTET_STRING, &[&body]);
            let mut der = Der(&out);
            let element = der.take(OCTET_STRING).unwrap();
            prop_assert!(der.is_empty());
            prop_assert_eq!(element.whole, &out[..]);
            if body.len() <= 65_535 {
                prop_assert_eq!(element.body, &body[..]);
            }
        }
    }
}
