//! Keeps calls to configured addresses away from private networks: this machine, the office, a cloud's store of metadata. The address that is really
//! connected to is looked at, each time, so that a name that leads elsewhere by now leads nowhere. Hosts that are meant to be inside are named.
//!
//! What is public is what IANA's special-purpose registries leave over
//! (<https://www.iana.org/assignments/iana-ipv4-special-registry>, <https://www.iana.org/assignments/iana-ipv6-special-registry>).

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{ClientBuilder, Url};

/// Special blocks of IPv4: first address, and how many bits name the block.
const SPECIAL: [([u8; 4], u32); 15] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// A host leads to a private network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Private(pub(crate) String);

impl std::fmt::Display for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Private {}

impl Private {
    /// Whether a call failed because of it.
    pub(crate) fn behind(error: &reqwest::Error) -> Option<&Self> {
        let mut cause = error.source();
        while let Some(error) = cause {
            if let Some(private) = error.downcast_ref() {
                return Some(private);
            }
            cause = error.source();
        }
        None
    }
}

/// A client for an address that reaches public addresses only, unless the host is one of `named`.
///
/// # Errors
/// [`Private`] when the address itself is a number on a private network: no name is looked up for such a one.
pub(crate) fn kept_out(
    client: ClientBuilder,
    url: &Url,
    named: &[String],
) -> Result<ClientBuilder, Private> {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    if named.iter().any(|named| named.trim_matches(['[', ']']).eq_ignore_ascii_case(host)) {
        return Ok(client);
    }
    if host.parse().is_ok_and(|ip| !public(ip)) {
        return Err(Private(host.to_owned()));
    }
    Ok(client.dns_resolver(Outside))
}

/// Looks names up, and gives public addresses only.
struct Outside;

impl Resolve for Outside {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| public(address.ip())).collect();
            if public.is_empty() {
                return Err(Private(name.as_str().to_owned()).into());
            }
            Ok::<Addrs, _>(Box::new(public.into_iter()))
        })
    }
}

/// Whether everybody on the internet means the same by an address.
fn public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => public_v4(ip),
        IpAddr::V6(ip) => public_v6(ip),
    }
}

fn public_v4(ip: Ipv4Addr) -> bool {
    let number = u32::from(ip);
    SPECIAL.iter().all(|(block, bits)| (number ^ u32::from(Ipv4Addr::from(*block))) >> (32 - bits) != 0)
}

fn public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4_mapped() {
        return public_v4(inner);
    }
    match ip.segments() {
        // Translators of networks without IPv4 put its addresses here.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        // Protocols' and tunnels' own, documentation: the parts of the global block that are no hosts.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x2002 | 0x3fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_inside_is_not_public_however_it_is_written() {
        for inside in [
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.100.100.200", "0.0.0.0",
            "192.0.2.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "fe80::1", "fd00:ec2::254", "ff02::1",
            "2001:db8::1", "2001::1", "2002:a00:1::1", "::127.0.0.1",
        ] {
            assert!(!public(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "1.1.1.1", "9.255.255.255", "11.0.0.0", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "223.255.255.255", "::ffff:1.1.1.1",
            "64:ff9b::101:101", "2606:4700::1111", "2400:3200::1", "2001:200::1",
        ] {
            assert!(public(outside.parse().unwrap()), "{outside}");
        }
    }
}
