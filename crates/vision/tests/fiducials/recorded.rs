//! Recordings: what was seen live is seen again bit for bit, and nothing that anybody sends does harm.

use millwright_vision::{
    CameraModel, FiducialFamily, GreyFrame, RecordingError, RecordingReader, RecordingWriter, TagTracker,
    TrackedTag,
};

use crate::scene::{Chance, Placed, Shot, View, picture};

const LIMIT_BYTES: u64 = 10_000_000;

fn view() -> View {
    View { width_px: 161, height_px: 120, centre_px: [80.0, 60.0], ..View::hd() }
}

fn camera() -> CameraModel {
    CameraModel::unmeasured(161, 120).unwrap()
}

fn frames() -> Vec<Vec<u8>> {
    let frames = (0..8).map(|index| {
        let x_px = 70.0 + 2.0 * f64::from(index);
        let placed =
            Placed::tilted(FiducialFamily::Tag36h11, 3, 0.1, &view(), [x_px, 60.0], 2.0, 0.2, 0.5, 0.9);
        picture(&view(), &[placed], &Shot { noise: 2.0, ..Shot::plain(index as u64) })
    });
    frames.collect()
}

fn recording() -> Vec<u8> {
    let mut writer = RecordingWriter::new(vec![], &camera(), LIMIT_BYTES).unwrap();
    for (index, pixels) in frames().iter().enumerate() {
        writer.write(GreyFrame::new(161, 120, 161, pixels).unwrap(), index as f64 / 30.0).unwrap();
    }
    writer.finish().unwrap()
}

/// What is read of bytes, until the end or what is wrong with them.
fn read(bytes: &[u8]) -> Result<Vec<Vec<u8>>, RecordingError> {
    let mut reader = RecordingReader::open(bytes)?;
    let mut found = vec![];
    while let Some(frame) = reader.next_frame()? {
        let grey = frame.as_grey().unwrap();
        found.push((0..grey.height_px()).flat_map(|y| grey.row(y).to_vec()).collect());
    }
    Ok(found)
}

#[test]
fn frames_come_back_as_they_were() {
    assert_eq!(read(&recording()).unwrap(), frames());
    let bytes = recording();
    assert_eq!(RecordingReader::open(&bytes[..]).unwrap().camera(), &camera());
    assert!(bytes.len() < frames().len() * 161 * 120 * 7 / 10, "{}", bytes.len());
}

#[test]
fn a_replay_tells_what_was_told_live_bit_for_bit() {
    let mut live = TagTracker::new(&FiducialFamily::ALL);
    let told: Vec<Vec<TrackedTag>> = frames()
        .iter()
        .enumerate()
        .map(|(index, pixels)| {
            live.track(GreyFrame::new(161, 120, 161, pixels).unwrap(), index as f64 / 30.0).to_vec()
        })
        .collect();
    let bytes = recording();
    let mut reader = RecordingReader::open(&bytes[..]).unwrap();
    let mut replay = TagTracker::new(&FiducialFamily::ALL);
    let mut again = vec![];
    while let Some(frame) = reader.next_frame().unwrap() {
        again.push(replay.track(frame.as_grey().unwrap(), frame.at_s).to_vec());
    }
    assert!(told.iter().all(|tags| tags.len() == 1));
    assert_eq!(told, again);
}

#[test]
fn a_recording_that_is_cut_off_gives_its_whole_frames_and_says_so() {
    let bytes = recording();
    let mut reader = RecordingReader::open(&bytes[..bytes.len() - 9]).unwrap();
    for _ in 0..7 {
        assert!(reader.next_frame().unwrap().is_some());
    }
    assert!(matches!(reader.next_frame(), Err(RecordingError::CutOff)));
    assert!(matches!(reader.next_frame(), Ok(None)));
}

#[test]
fn a_full_recording_takes_no_more_and_stays_sound() {
    let all = frames();
    let frame = GreyFrame::new(161, 120, 161, &all[0]).unwrap();
    let mut writer = RecordingWriter::new(vec![], &camera(), 30_000).unwrap();
    let written = (0..10).take_while(|index| writer.write(frame, f64::from(*index)).is_ok()).count();
    assert!((1..9).contains(&written));
    assert!(matches!(writer.write(frame, 99.0), Err(RecordingError::Full)));
    let bytes = writer.finish().unwrap();
    assert!(bytes.len() <= 30_000);
    assert_eq!(read(&bytes).unwrap().len(), written);
}

#[test]
fn time_does_not_go_back() {
    let all = frames();
    let frame = GreyFrame::new(161, 120, 161, &all[0]).unwrap();
    let mut writer = RecordingWriter::new(vec![], &camera(), LIMIT_BYTES).unwrap();
    writer.write(frame, 5.0).unwrap();
    assert!(matches!(writer.write(frame, 4.0), Err(RecordingError::Time)));
    assert!(matches!(writer.write(frame, f64::NAN), Err(RecordingError::Time)));
}

#[test]
fn what_is_no_recording_is_refused() {
    assert!(matches!(read(b"RIFF....AVI LIST"), Err(RecordingError::NoRecording)));
    assert!(matches!(read(b""), Err(RecordingError::CutOff)));
}

#[test]
fn a_changed_frame_is_noticed() {
    let mut bytes = recording();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    assert!(read(&bytes).is_err());
}

#[test]
fn damaged_recordings_end_with_an_error_or_fewer_frames() {
    let sound = recording();
    for seed in 0..300 {
        let mut chance = Chance::new(seed);
        let mut bytes = sound.clone();
        for _ in 0..=chance.next() % 4 {
            // Mostly where sizes and times are.
            let reach = if chance.next() & 1 == 0 { 160 } else { bytes.len() as u64 };
            let place = (chance.next() % reach) as usize;
            bytes[place] = chance.next() as u8;
        }
        bytes.truncate((chance.next() % (bytes.len() as u64 + 1)) as usize);
        assert!(read(&bytes).map_or(0, |frames| frames.len()) <= 8);
    }
}
