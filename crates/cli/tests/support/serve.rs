//! `adjourn serve`, and a browser that is none.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::office::Office;

/// `adjourn serve`, ended when it is dropped.
pub(crate) struct Serve {
    child: Child,
    pub(crate) address: String,
}

impl Serve {
    pub(crate) fn start(office: &Office) -> Self {
        let mut child = office
            .command("", &["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut text = String::new();
        for line in BufReader::new(child.stdout.as_mut().unwrap()).lines() {
            text.push_str(&line.unwrap());
            if text.ends_with('}') {
                break;
            }
        }
        let said: Value = serde_json::from_str(&text).unwrap();
        Self { child, address: said["address"].as_str().unwrap().to_owned() }
    }

    pub(crate) fn send(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(2))).unwrap();
        stream.write_all(request).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        let reply = String::from_utf8_lossy(&reply).into_owned();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.get_in(path, "en")
    }

    pub(crate) fn get_in(&self, path: &str, language: &str) -> Answer {
        let head =
            format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept-language: {language}\r\n", self.address);
        self.send(format!("{head}connection: close\r\n\r\n").as_bytes())
    }

    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            write!(body, "--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .unwrap();
        }
        if let Some((name, bytes)) = file {
            let part = "content-disposition: form-data; name=\"file\"; filename=";
            write!(body, "--x\r\n{part}\"{name}\"\r\ncontent-type: image/png\r\n\r\n").unwrap();
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--x--\r\n");
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\naccept-language: en\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
             content-type: multipart/form-data; boundary=x\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(&body);
        self.send(&request)
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}
