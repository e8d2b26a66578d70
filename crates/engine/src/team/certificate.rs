//! The node's own authority and the certificates it makes: both sides of a connection show one, and trust nobody else.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ED25519, PublicKeyData, SignatureAlgorithm,
};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, ServerConfig, SignatureScheme};

use crate::EngineError;
use crate::ports::Mint;
use crate::vault::Vault;

/// The name that the node's certificate has, wherever it is reached.
const NODE_NAME: &str = "node.millwright.internal";
pub(crate) const AUTHORITY_KEY: &str = "team_authority_key";
pub(crate) const SERVER_KEY: &str = "team_server_key";

/// PKCS #8 (RFC 8410) around the 32 bytes of an Ed25519 secret.
fn pkcs8(secret: &[u8; 32]) -> PrivatePkcs8KeyDer<'static> {
    const HEAD: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    PrivatePkcs8KeyDer::from([&HEAD[..], &secret[..]].concat())
}

/// A device's public key, to be certified.
struct DeviceKey([u8; 32]);

impl PublicKeyData for DeviceKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ED25519
    }
}

/// The node's authority: its secrets are in the vault, its certificates made from them when asked for.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
    server_secret: [u8; 32],
}

impl Authority {
    /// The authority of this node, made when it is first asked for. Its certificate is always the same bytes, since
    /// Ed25519 signs without chance.
    pub(crate) fn of(vault: &Vault, mint: &dyn Mint, team: uuid::Uuid) -> Result<Self, EngineError> {
        let secret = |name: &str| -> Result<[u8; 32], EngineError> {
            if let Some(kept) = vault.get(name).and_then(|bytes| bytes.try_into().ok()) {
                return Ok(kept);
            }
            let fresh = mint.secret();
            vault.set(name, Some(&fresh), mint)?;
            Ok(fresh)
        };
        let key = KeyPair::try_from(&pkcs8(&secret(AUTHORITY_KEY)?)).map_err(EngineError::internal)?;
        let mut params = named(&format!("Millwright team {team}"), &[])?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.serial_number = Some(team.as_bytes().to_vec().into());
        let certificate = params.self_signed(&key).map_err(EngineError::internal)?.der().clone();
        Ok(Self { issuer: Issuer::new(params, key), certificate, server_secret: secret(SERVER_KEY)? })
    }

    /// The authority's certificate, as invitations carry it.
    pub(crate) fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// A certificate for a device's own key.
    pub(crate) fn certify(
        &self,
        device: millwright_model::DeviceId,
        verifying_key: [u8; 32],
        mint: &dyn Mint,
    ) -> Result<Vec<u8>, EngineError> {
        let mut params = named(&device.to_string(), &[])?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let serial = mint.secret();
        params.serial_number = Some(serial.first_chunk::<16>().copied().unwrap_or_default().to_vec().into());
        let made =
            params.signed_by(&DeviceKey(verifying_key), &self.issuer).map_err(EngineError::internal)?;
        Ok(made.der().to_vec())
    }

    /// The node's side of a connection. A stranger may come without a certificate: it can only ask to be let in.
    pub(crate) fn server_config(&self) -> Result<Arc<ServerConfig>, EngineError> {
        let key = KeyPair::try_from(&pkcs8(&self.server_secret)).map_err(EngineError::internal)?;
        let mut params = named(NODE_NAME, &[NODE_NAME.to_owned()])?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let server = params.signed_by(&key, &self.issuer).map_err(EngineError::internal)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(
            Arc::new(roots(&self.certificate)?),
            provider.clone(),
        )
        .allow_unauthenticated()
        .build()
        .map_err(EngineError::internal)?;
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(EngineError::internal)?
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![server.der().clone()], PrivateKeyDer::Pkcs8(pkcs8(&self.server_secret)))
            .map_err(EngineError::internal)?;
        Ok(Arc::new(config))
    }
}

/// A device's side of a connection: it trusts `authority` alone, and shows its certificate where it has one.
pub(crate) fn client_config(
    authority: &[u8],
    own: Option<(&[u8], [u8; 32])>,
) -> Result<Arc<ClientConfig>, EngineError> {
    let authority = CertificateDer::from(authority.to_vec());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(EngineError::internal)?
        .with_root_certificates(roots(&authority)?);
    let config = match own {
        None => builder.with_no_client_auth(),
        Some((certificate, secret)) => builder
            .with_client_auth_cert(
                vec![CertificateDer::from(certificate.to_vec())],
                PrivateKeyDer::Pkcs8(pkcs8(&secret)),
            )
            .map_err(EngineError::internal)?,
    };
    Ok(Arc::new(config))
}

/// A member's side of a connection that another member opens: it talks to nobody without a certificate of the team.
pub(crate) fn member_server_config(
    authority: &[u8],
    (certificate, secret): (&[u8], [u8; 32]),
) -> Result<Arc<ServerConfig>, EngineError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(EngineError::internal)?
        .with_client_cert_verifier(members_of(authority)?)
        .with_single_cert(
            vec![CertificateDer::from(certificate.to_vec())],
            PrivateKeyDer::Pkcs8(pkcs8(&secret)),
        )
        .map_err(EngineError::internal)?;
    Ok(Arc::new(config))
}

/// A member's side of a connection to another member.
pub(crate) fn neighbour_config(
    authority: &[u8],
    (certificate, secret): (&[u8], [u8; 32]),
) -> Result<Arc<ClientConfig>, EngineError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(EngineError::internal)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(MemberVerifier(members_of(authority)?)))
        .with_client_auth_cert(
            vec![CertificateDer::from(certificate.to_vec())],
            PrivateKeyDer::Pkcs8(pkcs8(&secret)),
        )
        .map_err(EngineError::internal)?;
    Ok(Arc::new(config))
}

fn members_of(authority: &[u8]) -> Result<Arc<dyn ClientCertVerifier>, EngineError> {
    let authority = CertificateDer::from(authority.to_vec());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots(&authority)?), provider)
        .build()
        .map_err(EngineError::internal)
}

/// Trusts whoever shows a member's certificate, on whichever side of a connection: a member has one for its key, whatever
/// its address is called.
#[derive(Debug)]
struct MemberVerifier(Arc<dyn ClientCertVerifier>);

impl ServerCertVerifier for MemberVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.0.verify_client_cert(end_entity, intermediates, now).map(|_| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// The Ed25519 key that a certificate of the team's authority is for.
pub(crate) fn certified_key(certificate: &[u8]) -> Option<[u8; 32]> {
    /// SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), up to the key. The authority puts nothing else of a device's
    /// choosing into a certificate.
    const HEAD: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];
    let place = certificate.windows(HEAD.len()).position(|bytes| bytes == HEAD)? + HEAD.len();
    certificate.get(place..place + 32)?.try_into().ok()
}

/// The name that a device expects of the node.
pub(crate) fn node_name() -> Result<ServerName<'static>, EngineError> {
    ServerName::try_from(NODE_NAME).map_err(EngineError::internal)
}

fn roots(authority: &CertificateDer<'static>) -> Result<RootCertStore, EngineError> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone()).map_err(EngineError::internal)?;
    Ok(roots)
}

/// Certificates hold for as long as the calendar goes: a tablet's clock may be years off, and who is shut out is a
/// matter of the node's list.
fn named(name: &str, alternative: &[String]) -> Result<CertificateParams, EngineError> {
    let mut params = CertificateParams::new(alternative.to_vec()).map_err(EngineError::internal)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    Ok(params)
}
