//! What is opened, and what is refused for which reason.

use millwright_manual::{Manual, ManualFault, ManualLimits};

use crate::written::Written;

fn fault_of(bytes: impl Into<Vec<u8>>) -> ManualFault {
    Manual::open(bytes.into()).unwrap_err()
}

#[test]
fn a_manual_tells_its_pages_and_their_sizes() {
    let mut written = Written::page("", "");
    written.add_page_sized("0 0 200 100", "");
    written.add_page("", "", "/Rotate 90");
    written.add_page("", "", "/CropBox [100 100 300 500]");
    let manual = Manual::open(written.bytes()).unwrap();
    assert_eq!(manual.page_count(), 4);
    let sizes: Vec<_> = (1..=4).map(|page| manual.page_size(page).unwrap()).collect();
    assert_eq!(sizes[0], (595.0, 842.0));
    assert_eq!(sizes[1], (200.0, 100.0));
    assert_eq!(sizes[2], (842.0, 595.0), "a page is as large as it is shown, turned");
    assert_eq!(sizes[3], (200.0, 400.0), "what is cut off is not of the page");
    for page in [0, 5, u32::MAX] {
        assert_eq!(manual.page_size(page), Err(ManualFault::NoSuchPage { page, pages: 4 }));
    }
}

#[test]
fn what_is_no_pdf_is_told_apart_from_a_damaged_one() {
    assert_eq!(fault_of([]), ManualFault::NotPdf);
    assert_eq!(fault_of(*b"PK\x03\x04 a workbook"), ManualFault::NotPdf);
    assert_eq!(fault_of([0xFF; 5_000]), ManualFault::NotPdf);
    assert_eq!(fault_of(*b"%PDF-1.7\n"), ManualFault::Damaged);
    let mut noise = b"%PDF-1.7\n".to_vec();
    noise.extend((0_u32..20_000).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8));
    assert_eq!(fault_of(noise), ManualFault::Damaged);
}

#[test]
fn a_file_that_breaks_off_never_panics_and_shows_what_is_left_or_is_called_damaged() {
    let mut written = Written::new();
    for _ in 0..5 {
        written.add_page("0 0 100 100 re f", "", "");
    }
    let whole = written.bytes();
    for length in (10..whole.len()).step_by(37) {
        match Manual::open(whole[..length].to_vec()) {
            Ok(manual) => {
                assert!((1..=5).contains(&manual.page_count()), "{length}");
                manual.page_picture(1, 50).unwrap();
            }
            Err(fault) => assert!(
                matches!(fault, ManualFault::Damaged | ManualFault::NoPages),
                "after {length} bytes: {fault}"
            ),
        }
    }
}

#[test]
fn a_pdf_without_pages_says_so() {
    assert_eq!(fault_of(Written::new().bytes()), ManualFault::NoPages);
}

#[test]
fn more_pages_than_are_taken_are_refused_with_their_number() {
    let mut written = Written::new();
    for _ in 0..2_001 {
        written.add_page_of("");
    }
    assert_eq!(fault_of(written.bytes()), ManualFault::TooManyPages { pages: 2_001, most: 2_000 });
}

#[test]
fn a_larger_file_than_is_taken_is_not_looked_into() {
    let limits = ManualLimits { file_bytes: 100, ..ManualLimits::default() };
    let fault = Manual::open_within(Written::page("", "").bytes(), limits).unwrap_err();
    assert!(matches!(fault, ManualFault::FileTooLarge { most: 100, .. }), "{fault}");
}

#[test]
fn an_encrypted_manual_is_refused_also_when_its_password_is_empty() {
    use lopdf::encryption::crypt_filters::{Aes128CryptFilter, CryptFilter};
    use lopdf::{EncryptionState, EncryptionVersion, Permissions};
    for password in ["", "geheim"] {
        let mut document = lopdf::Document::load_mem(&Written::page("0 0 9 9 re f", "").bytes()).unwrap();
        let id = lopdf::Object::String(vec![7; 16], lopdf::StringFormat::Literal);
        document.trailer.set("ID", lopdf::Object::Array(vec![id.clone(), id]));
        let filter: std::sync::Arc<dyn CryptFilter> = std::sync::Arc::new(Aes128CryptFilter);
        let version = EncryptionVersion::V4 {
            document: &document,
            encrypt_metadata: true,
            crypt_filters: [(b"StdCF".to_vec(), filter)].into(),
            stream_filter: b"StdCF".to_vec(),
            string_filter: b"StdCF".to_vec(),
            owner_password: "owner",
            user_password: password,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        let mut bytes = vec![];
        document.save_to(&mut bytes).unwrap();
        assert_eq!(fault_of(bytes), ManualFault::Encrypted, "«{password}»");
    }
}
