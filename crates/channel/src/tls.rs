//! TLS 1.3 in both directions, and what went wrong as an error of ours.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use adjourn_app::AppError;
use adjourn_domain::canonical::Hash;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error,
    RootCertStore, ServerConfig, SignatureScheme,
};

/// Fingerprints of certificates that are no longer accepted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Revoked(Arc<RwLock<BTreeSet<Hash>>>);

impl Revoked {
    pub(crate) fn set(&self, all: BTreeSet<Hash>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = all;
    }

    fn has(&self, one: &Hash) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(one)
    }
}

/// A certificate with its key, and the authority that issued the other side's.
pub(crate) struct Papers {
    roots: Arc<RootCertStore>,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Papers {
    /// Reads PEM files.
    ///
    /// # Errors
    /// `channel.papers` names the file that can't be read.
    pub(crate) fn read(ca: &Path, certificate: &Path, key: &Path) -> Result<Self, AppError> {
        let bad = |path: &Path, says: &dyn fmt::Display| {
            AppError::new("channel.papers").with("path", path.display()).with("says", says)
        };
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(ca).map_err(|error| bad(ca, &error))?;
        roots.add(authority).map_err(|error| bad(ca, &error))?;
        let own = CertificateDer::from_pem_file(certificate).map_err(|error| bad(certificate, &error))?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(|error| bad(key, &error))?;
        Ok(Self { roots: Arc::new(roots), chain: vec![own], key })
    }

    /// How the centre is reached: only with a certificate of its authority that is not revoked.
    pub(crate) fn server(self, revoked: Revoked) -> Result<ServerConfig, AppError> {
        let inner = WebPkiClientVerifier::builder_with_provider(self.roots, provider())
            .build()
            .map_err(|error| AppError::new("channel.tls").with("says", error))?;
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])
            .and_then(|config| {
                config
                    .with_client_cert_verifier(Arc::new(Unrevoked { inner, revoked }))
                    .with_single_cert(self.chain, self.key)
            })
            .map_err(|error| fault(&error, ""))?;
        // A resumed session would not be asked for its certificate again, which may have expired.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }

    /// How an outpost reaches the centre.
    pub(crate) fn client(self) -> Result<ClientConfig, AppError> {
        ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[&rustls::version::TLS13])
            .and_then(|config| {
                config.with_root_certificates(self.roots).with_client_auth_cert(self.chain, self.key)
            })
            .map_err(|error| fault(&error, ""))
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A failed handshake as an error of ours, about `peer`.
pub(crate) fn fault(error: &Error, peer: &str) -> AppError {
    use CertificateError as C;
    let code = match error {
        Error::InvalidCertificate(C::Expired | C::ExpiredContext { .. })
        | Error::AlertReceived(AlertDescription::CertificateExpired) => "channel.certificate_expired",
        Error::InvalidCertificate(C::NotValidYet | C::NotValidYetContext { .. }) => "channel.clock_skewed",
        Error::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. }) => {
            "channel.certificate_name"
        }
        Error::InvalidCertificate(C::Revoked)
        | Error::AlertReceived(AlertDescription::CertificateRevoked) => "channel.certificate_revoked",
        Error::InvalidCertificate(_)
        | Error::NoCertificatesPresented
        | Error::AlertReceived(
            AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::DecryptError
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateRequired,
        ) => "channel.certificate_unknown",
        Error::PeerIncompatible(_) | Error::AlertReceived(AlertDescription::ProtocolVersion) => {
            "channel.tls_version"
        }
        _ => "channel.tls",
    };
    AppError::new(code).with("peer", peer).with("says", error)
}

/// An error of the stream: TLS's own, if it is one.
pub(crate) fn stream_fault(error: &std::io::Error, peer: &str) -> AppError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(inner) => fault(inner, peer),
        None => AppError::new("channel.lost").with("peer", peer).with("says", error),
    }
}

/// Whether dialling again is of no use before a person has done something.
pub(crate) fn hopeless(error: &AppError) -> bool {
    !matches!(error.code(), "channel.lost" | "channel.tls")
}

/// Accepts what its authority issued and nobody revoked.
#[derive(Debug)]
struct Unrevoked {
    inner: Arc<dyn ClientCertVerifier>,
    revoked: Revoked,
}

impl ClientCertVerifier for Unrevoked {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.inner.verify_client_cert(end_entity, intermediates, now)?;
        if self.revoked.has(&Hash::of(end_entity)) {
            return Err(Error::InvalidCertificate(CertificateError::Revoked));
        }
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
