//! Pictures as phones write them, made and looked at by Pillow: what they tell goes, what they show stays to the last pixel, on the page, on the
//! command line and by the API; what could act, or is no picture, is refused.

use std::path::Path;
use std::process::Command;

use adjourn_e2e::{PLAIN, Peers, RefDesk, http};
use serde_json::{Value, json};

use crate::served::{HERE, Served};

/// Makes `x.FORMAT` with coordinates, words and more behind its end; or says what a file tells, and a hash of its pixels.
const PILLOW: &str = r#"
import sys, json, hashlib, io
from PIL import Image, ImageSequence
from PIL.PngImagePlugin import PngInfo
def made(form, path):
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "SECRETPHONE", b"SECRETWORDS"
    gps = exif.get_ifd(0x8825); gps[1], gps[2] = "N", (39.0, 54.0, 27.0)
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>SECRETXMP</x:xmpmeta>"
    image = Image.effect_noise((64, 48), 40).convert("RGB")
    info = PngInfo(); info.add_text("Author", "SECRETNAME"); info.add_itxt("XML:com.adobe.xmp", "SECRETXMP")
    more = {"jpeg": dict(exif=exif, comment=b"SECRETWORDS", progressive=True, quality=90, xmp=xmp), "png": dict(exif=exif, pnginfo=info),
            "webp": dict(exif=exif, xmp=xmp, lossless=True), "gif": dict(comment=b"SECRETWORDS", save_all=True, append_images=[image.rotate(90)])}
    image.save(path, form, **more[form])
    tail = io.BytesIO(); image.save(tail, "jpeg", exif=exif)
    open(path, "ab").write(tail.getvalue() + b"<script>SECRETTAIL</script>PK\x03\x04")
def looked(path):
    image = Image.open(path)
    frames = [hashlib.sha256(frame.convert("RGB").tobytes()).hexdigest() for frame in ImageSequence.Iterator(image)]
    image = Image.open(path); image.load()
    told = bool(image.getexif()) or bool(image.info.get("comment")) or bool(image.info.get("xmp")) or bool(getattr(image, "text", {}))
    print(json.dumps({"form": image.format.lower(), "frames": frames, "told": told, "secret": b"SECRET" in open(path, "rb").read()}))
made(sys.argv[2], sys.argv[3]) if sys.argv[1] == "make" else looked(sys.argv[2])
"#;

fn pillow(args: &[&str]) -> Vec<u8> {
    let output = Command::new(Peers::locate().python()).arg("-c").arg(PILLOW).args(args).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn looked(path: &Path) -> Value {
    serde_json::from_slice(&pillow(&["look", path.to_str().unwrap()])).unwrap()
}

#[test]
fn pictures_lose_what_they_tell_and_both_hashes_are_kept() {
    let rules = r#"{"dissolve.api":"none","dissolve.confirm":"type_name"}"#;
    let served = Served::over(RefDesk::with_rules(
        rules,
        &[("cooling_off_s = 1", "cooling_off_s = 1\nkeep_originals = true")],
    ));
    let office = &served.desk.office;
    let (case, _) = office.approved(PLAIN);
    served.account("requester");
    office.run("requester", &["apply", &case, "--detach"]);
    let watched = office.run("requester", &["watch", &case]);
    assert_eq!(watched.code, Some(6), "a human step is open: {watched}");
    let why = office.json("requester", 0, &["why", &case]);
    let (group, step) =
        (why["groups"][0]["group"].as_str().unwrap(), why["groups"][0]["step"].as_str().unwrap());
    let name = office.json("requester", 0, &["show", group])["snapshot"]["name"].as_str().unwrap().to_owned();
    let cookie = served.session("requester");
    let url = format!("{}/case/{case}/step", served.address);
    let hand_in = |files: &[(&str, Vec<u8>)]| {
        let mut body = Vec::new();
        for (field, value) in [("group", group), ("step", step), ("typed_name", name.as_str())] {
            body.extend(
                format!("--x\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (file, bytes) in files {
            let head =
                format!("--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{file}\"\r\n\r\n");
            body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
        }
        body.extend(b"--x--\r\n");
        let kind = ("content-type", "multipart/form-data; boundary=x");
        let headers =
            [kind, ("sec-fetch-site", HERE), ("cookie", cookie.as_str()), ("accept-language", "en")];
        http::request("POST", &url, &headers, Some(&body)).unwrap()
    };
    // What could act, what is no picture, and what is nothing: refused, and nothing is kept, also not of what came with it.
    let text = |text: &str| text.as_bytes().to_vec();
    for (file, bytes, code) in [
        ("x.svg", text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "upload.active"),
        ("x.png", text("<!doctype html><script>alert(1)</script>"), "upload.active"),
        ("x.pdf", text("%PDF-1.7\n<< /OpenAction << /S /JavaScript /JS (1) >> >>"), "upload.active"),
        ("x.gif", text("GIF89a/*..........*/=1;alert(1)//"), "upload.picture"),
        ("x.jpg", b"MZ\x90\0\x03\0\0\0".to_vec(), "upload.kind"),
    ] {
        let reply = hand_in(&[("a.txt", text("fine")), (file, bytes)]);
        assert!(
            reply.status >= 400 && reply.text().contains(code),
            "{file}: {} {}",
            reply.status,
            reply.text()
        );
    }
    let evidence = office.bundles().join(format!("{case}.work")).join(group).join("evidence");
    assert!(!evidence.exists(), "nothing of what was refused lies there");
    // Four formats, under the wrong ending, one with a name that tries to lead somewhere.
    let dir = office.dir().join("shots");
    std::fs::create_dir_all(&dir).unwrap();
    let forms = ["jpeg", "png", "webp", "gif"];
    let paths = forms.map(|form| dir.join(format!("x.{form}")));
    for (form, path) in forms.iter().zip(&paths) {
        pillow(&["make", form, path.to_str().unwrap()]);
        assert_eq!(looked(path)["secret"], true);
    }
    let bytes = |at: usize| std::fs::read(&paths[at]).unwrap();
    // The first two on the command line, one by the API, one on the page: one use case.
    let typed = format!("typed_name={name}");
    let [first, second] = [0, 1].map(|at| paths[at].display().to_string());
    office.json(
        "business",
        0,
        &["step", "done", &case, step, "--evidence", &first, "--evidence", &second, "--factor", &typed],
    );
    office.run("requester", &["watch", &case]);
    let made = office.json("admin", 0, &["token", "create", "--name", "phone", "--scope", "run"]);
    let bearer = format!("Bearer {}", made["secret"].as_str().unwrap());
    let url = format!("{}/api/v1/cases/{case}/steps/{group}/{step}/done", served.address);
    let by_api = |file: &str, content: &str| {
        let body = json!({"files": [{"name": file, "content": content}], "factors": {"typed_name": name}});
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        http::request("POST", &url, &headers, Some(body.to_string().as_bytes())).unwrap()
    };
    let svg = "PHN2ZyB4bWxucz0naHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmcnIG9ubG9hZD0nYWxlcnQoMSknLz4=";
    for (content, status, code) in [(svg, 409, "upload.active"), ("%", 422, "request.form")] {
        let refused = by_api("x.png", content);
        assert_eq!((refused.status, &refused.json()["code"]), (status, &json!(code)));
    }
    let encoded = Command::new("base64").arg("-w0").arg(&paths[3]).output().unwrap().stdout;
    let noted = by_api("/etc/passwd", str::from_utf8(&encoded).unwrap()).expect(200);
    let kept = noted["handed"].as_array().unwrap().last().unwrap();
    assert_eq!((&kept["name"], &kept["format"]), (&json!("passwd.gif"), &json!("gif")), "{noted}");
    assert_eq!(kept["original"], sha256(&bytes(3)));
    office.run("requester", &["watch", &case]);
    let reply = hand_in(&[("..\\..\\a\u{202e}gnp.exe", bytes(2))]);
    assert_eq!(reply.status, 303, "{}", reply.text());
    let shown = office.json("requester", 0, &["show", group]);
    let said = shown["history"].to_string();
    for (at, path) in paths.iter().enumerate() {
        let before = looked(path);
        let original = sha256(&bytes(at));
        let kept = std::fs::read_dir(&evidence).unwrap().map(|entry| entry.unwrap().path());
        let cleaned = kept
            .filter(|kept| kept.extension().is_none())
            .find(|kept| looked(kept)["form"] == before["form"])
            .unwrap_or_else(|| panic!("no {path:?} is kept"));
        let after = looked(&cleaned);
        assert_eq!((&after["told"], &after["secret"]), (&false.into(), &false.into()), "{path:?}");
        assert_eq!(after["frames"], before["frames"], "every pixel of every frame");
        assert_eq!(cleaned.file_name().unwrap().to_str().unwrap(), sha256(&std::fs::read(&cleaned).unwrap()));
        let sealed = std::fs::read(evidence.join(format!("{original}.sealed"))).unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"SECRET"), "sealed under the group's key");
        assert!(said.contains(&original), "{said}");
    }
    assert!(said.contains("a_gnp.webp") && said.contains("passwd.gif"), "{said}");
}

fn sha256(bytes: &[u8]) -> String {
    adjourn_domain::canonical::Hash::of(bytes).to_hex()
}
