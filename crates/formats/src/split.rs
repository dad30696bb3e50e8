//! Bytes into rows, incrementally and with a limit on the memory of one row. Both splitters say how many bytes a row took,
//! so that a later parser can go on at a row's beginning.

use csv_core::{ReadRecordResult, Reader};

/// Fields of a row, at most; more than any tool writes.
const MAX_FIELDS: usize = 64;

/// A CSV row or a JSON element is larger than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Splits CSV.
pub(crate) struct CsvSplit {
    reader: Reader,
    out: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    fields: usize,
    /// Bytes since the row began.
    taken: usize,
    /// Whether an odd number of quotes was among them: then a field is open.
    quote_open: bool,
    newline: bool,
    limit: usize,
}

/// A CSV row.
#[derive(Debug)]
pub(crate) struct CsvRow {
    /// Its fields, unescaped.
    pub(crate) fields: Vec<Vec<u8>>,
    /// Bytes that it took, its line end included.
    pub(crate) bytes: usize,
}

impl CsvSplit {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            reader: Reader::new(),
            out: vec![0; 4096.min(limit)],
            filled: 0,
            ends: vec![0; MAX_FIELDS],
            fields: 0,
            taken: 0,
            quote_open: false,
            newline: false,
            limit,
        }
    }

    /// Reads on. Gives a row if one is whole, and how many bytes of the input were used. No input means the end.
    pub(crate) fn step(&mut self, input: &[u8]) -> Result<(Option<CsvRow>, usize), TooLong> {
        let mut used = 0;
        loop {
            let rest = input.get(used..).unwrap_or_default();
            let out = self.out.get_mut(self.filled..).unwrap_or_default();
            let ends = self.ends.get_mut(self.fields..).unwrap_or_default();
            let (result, nin, nout, nend) = self.reader.read_record(rest, out, ends);
            let took = rest.get(..nin).unwrap_or_default();
            for byte in took {
                self.quote_open ^= *byte == b'"';
            }
            self.newline = took.last().map_or(self.newline, |last| matches!(last, b'\n' | b'\r'));
            self.taken += nin;
            used += nin;
            self.filled += nout;
            self.fields += nend;
            match result {
                ReadRecordResult::Record => return Ok((Some(self.take()), used)),
                ReadRecordResult::InputEmpty if self.taken > self.limit => return Err(TooLong),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok((None, used)),
                ReadRecordResult::OutputFull if self.out.len() >= self.limit => return Err(TooLong),
                ReadRecordResult::OutputFull => {
                    let size = (self.out.len() * 2).min(self.limit);
                    self.out.resize(size, 0);
                }
                ReadRecordResult::OutputEndsFull => return Err(TooLong),
            }
        }
    }

    /// Whether the input ended inside a quoted field, or without a line end.
    pub(crate) fn cut(&self) -> bool {
        self.taken > 0 && (self.quote_open || !self.newline)
    }

    fn take(&mut self) -> CsvRow {
        let mut fields = Vec::with_capacity(self.fields);
        let mut from = 0;
        for end in self.ends.iter().take(self.fields) {
            fields.push(self.out.get(from..*end).unwrap_or_default().to_vec());
            from = *end;
        }
        let row = CsvRow { fields, bytes: self.taken };
        (self.filled, self.fields, self.taken, self.quote_open) = (0, 0, 0, false);
        row
    }
}

/// Splits a JSON array, or the array under `items` of an object, into its elements.
#[derive(Debug)]
pub(crate) struct JsonSplit {
    element: Vec<u8>,
    depth: usize,
    string: bool,
    escaped: bool,
    place: Place,
    limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the array.
    Before,
    /// Between elements.
    Between,
    /// In an element.
    In,
    /// After the array.
    After,
}

/// What a step over JSON came to.
#[derive(Debug)]
pub(crate) enum JsonStep {
    /// An element.
    Element(Vec<u8>),
    /// More input is needed.
    More,
    /// The file is not an array.
    NoArray,
}

impl JsonSplit {
    pub(crate) fn new(limit: usize, inside: bool) -> Self {
        let place = if inside { Place::Between } else { Place::Before };
        Self { element: Vec::new(), depth: 0, string: false, escaped: false, place, limit }
    }

    /// Whether the end of the array was seen.
    pub(crate) fn closed(&self) -> bool {
        self.place == Place::After
    }

    /// Whether the array has begun.
    pub(crate) fn begun(&self) -> bool {
        self.place != Place::Before
    }

    /// Whether no element is open.
    pub(crate) fn between(&self) -> bool {
        self.place != Place::In
    }

    /// Reads on: what came of it, and how many bytes of the input were used.
    pub(crate) fn step(&mut self, input: &[u8]) -> Result<(JsonStep, usize), TooLong> {
        for (at, byte) in input.iter().enumerate() {
            if let Some(step) = self.byte(*byte)? {
                return Ok((step, at + 1));
            }
        }
        Ok((JsonStep::More, input.len()))
    }

    fn byte(&mut self, byte: u8) -> Result<Option<JsonStep>, TooLong> {
        match self.place {
            Place::Before => {
                // `[`, or `{"items":[` with any white space.
                if !byte.is_ascii_whitespace() {
                    self.element.push(byte);
                }
                if byte == b'[' {
                    let known = matches!(self.element.as_slice(), b"[" | b"{\"items\":[");
                    self.element.clear();
                    if !known {
                        return Ok(Some(JsonStep::NoArray));
                    }
                    self.place = Place::Between;
                } else if self.element.len() > 10 {
                    return Ok(Some(JsonStep::NoArray));
                }
            }
            Place::Between => match byte {
                b']' => self.place = Place::After,
                b',' => {}
                _ if byte.is_ascii_whitespace() => {}
                _ => {
                    self.place = Place::In;
                    return self.within(byte);
                }
            },
            Place::In => return self.within(byte),
            Place::After => {}
        }
        Ok(None)
    }

    fn within(&mut self, byte: u8) -> Result<Option<JsonStep>, TooLong> {
        if self.depth == 0 && !self.string && matches!(byte, b',' | b']') {
            self.place = if byte == b']' { Place::After } else { Place::Between };
            return Ok(Some(JsonStep::Element(std::mem::take(&mut self.element))));
        }
        if self.element.len() >= self.limit {
            return Err(TooLong);
        }
        self.element.push(byte);
        if self.string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.string = false,
                _ => {}
            }
            return Ok(None);
        }
        match byte {
            b'"' => self.string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.place = Place::Between;
                    return Ok(Some(JsonStep::Element(std::mem::take(&mut self.element))));
                }
            }
            _ => {}
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(input: &[u8], step: usize) -> (Vec<Vec<String>>, bool) {
        let (mut split, mut rows) = (CsvSplit::new(1000), Vec::new());
        let words =
            |row: &CsvRow| row.fields.iter().map(|field| String::from_utf8_lossy(field).into()).collect();
        for chunk in input.chunks(step) {
            let mut bytes = chunk;
            while !bytes.is_empty() {
                let (row, used) = split.step(bytes).unwrap();
                bytes = &bytes[used..];
                rows.extend(row.iter().map(words));
            }
        }
        let cut = split.cut();
        rows.extend(split.step(b"").unwrap().0.iter().map(words));
        (rows, cut)
    }

    #[test]
    fn rows_are_the_same_however_the_bytes_come() {
        let input = b"a,b\r\n\"x\r\ny\",\"q\"\"q\"\nlast,one\n";
        let (whole, cut) = csv(input, 1000);
        assert_eq!(whole, [["a", "b"], ["x\r\ny", "q\"q"], ["last", "one"]]);
        assert!(!cut);
        for step in 1..input.len() {
            assert_eq!(csv(input, step), (whole.clone(), false), "{step}");
        }
        for end in 6..input.len() {
            let broken = csv(&input[..end], 3);
            assert!(broken.1 || input[end - 1] == b'\n' || input[end - 1] == b'\r', "{end}");
        }
        assert!(csv(b"a,\"b\n", 2).1, "an open quote is not the end of a row");
    }

    #[test]
    fn elements_are_the_same_however_the_bytes_come() {
        let input = br#" { "items" : [ {"a":"]}\"{","b":[1,{"c":2}]}, 7 ,"x,]" ] } "#;
        let elements = |step: usize| {
            let (mut split, mut found) = (JsonSplit::new(1000, false), Vec::new());
            for chunk in input.chunks(step) {
                let mut bytes = chunk;
                while !bytes.is_empty() {
                    let (step, used) = split.step(bytes).unwrap();
                    bytes = &bytes[used..];
                    if let JsonStep::Element(element) = step {
                        found.push(String::from_utf8(element).unwrap().trim().to_owned());
                    }
                }
            }
            assert!(split.closed());
            found
        };
        for step in 1..input.len() {
            assert_eq!(elements(step), [r#"{"a":"]}\"{","b":[1,{"c":2}]}"#, "7", "\"x,]\""], "{step}");
        }
    }

    #[test]
    fn a_row_without_end_is_given_up() {
        let mut split = CsvSplit::new(100);
        let mut result = Ok(());
        for _ in 0..100 {
            result = result.and(split.step(b"0123456789").map(drop));
        }
        assert_eq!(result, Err(TooLong));
        assert_eq!(JsonSplit::new(100, true).step(&[b'['; 101]).map(drop), Err(TooLong));
    }

    #[test]
    fn what_is_no_array_is_seen_at_once() {
        for input in [&b"{\"a\":[1]}"[..], b"{\"items2\":[", b"hello, wide world", b"nullnullnullnull"] {
            let step = JsonSplit::new(100, false).step(input).unwrap().0;
            assert!(matches!(step, JsonStep::NoArray), "{step:?}");
        }
    }
}
