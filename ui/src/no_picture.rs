//! Why the camera gives no picture, or the microphone no sound: told apart by the name of the webview's error.

use crate::text;

/// Why there is no picture.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoPicture {
    /// It is being opened.
    Opening,
    /// The person or the system does not allow it.
    Denied,
    /// There is none.
    Missing,
    /// Another program holds it.
    Busy,
    /// It gives nothing, for another reason.
    Other,
}

impl NoPicture {
    /// The reason behind an error of `getUserMedia`, by its name (W3C Media Capture and Streams, 10.2).
    pub(crate) fn of_error(name: Option<&str>) -> Self {
        match name {
            Some("NotAllowedError" | "SecurityError") => Self::Denied,
            Some("NotFoundError" | "OverconstrainedError") => Self::Missing,
            Some("NotReadableError" | "AbortError") => Self::Busy,
            _ => Self::Other,
        }
    }

    /// What happened to the microphone and what to do.
    pub(crate) fn words_of_sound(self) -> &'static str {
        match self {
            Self::Opening => text::microphone_opening(),
            Self::Denied => text::microphone_denied(),
            Self::Missing => text::microphone_missing(),
            Self::Busy => text::microphone_busy(),
            Self::Other => text::microphone_other(),
        }
    }

    /// What happened and what to do.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Opening => text::camera_opening(),
            Self::Denied => text::camera_denied(),
            Self::Missing => text::camera_missing(),
            Self::Busy => text::camera_busy(),
            Self::Other => text::camera_other(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_that_is_denied_missing_or_busy_is_told_apart() {
        let of = |name: &str| NoPicture::of_error(Some(name));
        let reasons =
            [of("NotAllowedError"), of("NotFoundError"), of("NotReadableError"), NoPicture::of_error(None)];
        assert_eq!(reasons, [NoPicture::Denied, NoPicture::Missing, NoPicture::Busy, NoPicture::Other]);
        for (place, reason) in reasons.iter().enumerate() {
            assert!(
                !reasons.iter().skip(place + 1).any(|other| other.words() == reason.words()),
                "{reason:?}"
            );
            assert!(
                !reasons
                    .iter()
                    .skip(place + 1)
                    .any(|other| other.words_of_sound() == reason.words_of_sound()),
                "{reason:?}"
            );
        }
    }
}
