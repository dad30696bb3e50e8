//! Small pictures by hand; real ones with what phones write are in `tests/e2e/tests/console/uploads.rs`.

use super::*;

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    [&u32::try_from(data.len()).unwrap().to_be_bytes(), kind, data, b"crc!"].concat()
}

fn segment(kind: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&[0xff, kind], &length[..], data].concat()
}

fn riff(chunks: &[(&[u8], &[u8])]) -> Vec<u8> {
    let part = |(kind, data): &(&[u8], &[u8])| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        let pad: &[u8] = if data.len() % 2 == 1 { b"\0" } else { b"" };
        [*kind, &length[..], *data, pad].concat()
    };
    let body: Vec<u8> = chunks.iter().flat_map(part).collect();
    let length = u32::try_from(body.len() + 4).unwrap().to_le_bytes();
    [b"RIFF", &length[..], b"WEBP", &body].concat()
}

const IHDR: &[u8] = b"\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0";
const SOF: &[u8] = b"\x08\0\x03\0\x02\x01\x01\x11\0";

/// What tells goes, what draws stays, and no beginning of it is a picture.
fn holds(plain: &[u8], told: &[u8], format: &str) {
    let picture = cleaned(told).unwrap();
    assert_eq!((picture.format, picture.original), (format, Some(Hash::of(told))));
    assert_eq!(picture.bytes, plain);
    assert_eq!(cleaned(plain).unwrap().original, None, "nothing more to take out");
    for cut in 1..plain.len() {
        assert_eq!(cleaned(&plain[..cut]), None, "{format} cut at {cut}");
    }
}

#[test]
fn every_format_loses_what_it_tells_and_nothing_else() {
    let (head, data, end) = (chunk(b"IHDR", IHDR), chunk(b"IDAT", b"pixels"), chunk(b"IEND", b""));
    let told =
        [chunk(b"eXIf", b"gps"), chunk(b"tEXt", b"who"), chunk(b"iCCP", b"display"), chunk(b"vpAg", b"?")];
    holds(
        &[png::MAGIC, &head, &data, &end].concat(),
        &[png::MAGIC, &head, &told.concat(), &data, &end, b"<script>"].concat(),
        "png",
    );
    let scan = [&segment(0xda, b"\0")[..], b"data \xff\x00 \xff\xd0 more"].concat();
    let (sof, dht) = (segment(0xc2, SOF), segment(0xc4, b"table"));
    let jfif = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let thumbnail = segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01rgb");
    let told = [segment(0xe1, b"Exif\0\0gps"), segment(0xfe, b"me"), segment(0xe2, b"MPF\0second")].concat();
    // A progressive one: tables and another scan behind the first; and a second picture with what it tells behind the end.
    holds(
        &[b"\xff\xd8", &jfif[..], &sof, &scan, &dht, &scan, b"\xff\xd9"].concat(),
        &[
            b"\xff\xd8",
            &thumbnail[..],
            &told,
            &sof,
            &scan,
            &dht,
            &scan,
            b"\xff\xd9",
            b"\xff\xd8",
            &told,
            &sof,
            &scan,
            b"\xff\xd9",
        ]
        .concat(),
        "jpeg",
    );
    let screen = b"GIF89a\x02\0\x03\0\x80\0\0rgbrgb";
    let looped = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
    let image = b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\x02\0\x03\0\0\x02\x02xy\0";
    let told = b"\x21\xfe\x03who\0\x21\xff\x0bXMP DataXMP\x03gps\0";
    holds(
        &[&screen[..], looped, image, b"\x3b"].concat(),
        &[&screen[..], looped, told, image, b"\x3b", b"PK\x03\x04"].concat(),
        "gif",
    );
    let (told, plain) = (b"\x2c\0\0\0\x01\0\0\x02\0\0", b"\0\0\0\0\x01\0\0\x02\0\0");
    let more: [(&[u8], &[u8]); 2] = [(b"EXIF", b"gps"), (b"XMP ", b"who")];
    holds(
        &riff(&[(b"VP8X", plain), (b"VP8L", b"\x2fpixels")]),
        &riff(&[(b"VP8X", told), (b"VP8L", b"\x2fpixels"), more[0], more[1]]),
        "webp",
    );
}

#[test]
fn a_picture_that_nobody_should_open_is_none() {
    let of = |width: u32, height: u32| {
        let size = [&width.to_be_bytes()[..], &height.to_be_bytes(), b"\x08\x02\0\0\0"].concat();
        let parts = [chunk(b"IHDR", &size), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")];
        cleaned(&[png::MAGIC, &parts.concat()].concat())
    };
    assert!(of(1080, 30_000).is_some(), "a long screenshot");
    for (width, height) in [(0, 5), (60_000, 60_000), (u32::MAX, u32::MAX)] {
        assert_eq!(of(width, height), None, "{width} x {height}");
    }
    assert_eq!(cleaned(b"GIF89a/*\0\0\0*/=1;alert(1)"), None, "a script that calls itself a picture");
}
