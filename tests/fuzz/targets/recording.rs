//! Recorded runs of a camera: frames in order, each with all its pixels, or a refusal.
#![no_main]

use millwright_vision::{FRAME_SIDE_MAX_PX, RECORDING_BYTES_MAX, RecordingReader, RecordingWriter};

/// Frames that are followed: what is wrong shows in the first.
const FRAMES_MAX: usize = 40;
/// Pixels after which no further frame is followed: large pictures of nothing would take all the time.
const PIXELS_MAX: usize = 1 << 21;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = RecordingReader::open(bytes) else { return };
    let camera = reader.camera().clone();
    let Ok(mut writer) = RecordingWriter::new(vec![], &camera, RECORDING_BYTES_MAX) else { return };
    let mut last_s = f64::NEG_INFINITY;
    let mut kept = vec![];
    let mut pixels = 0;
    while kept.len() < FRAMES_MAX && pixels < PIXELS_MAX {
        let Ok(Some(frame)) = reader.next_frame() else { break };
        let grey = frame.as_grey().expect("a frame that was read is one");
        assert!(grey.width_px().max(grey.height_px()) <= FRAME_SIDE_MAX_PX, "a larger frame than there is");
        assert!(frame.at_s >= last_s, "frames out of order");
        last_s = frame.at_s;
        writer.write(grey, frame.at_s).expect("what was read can be written");
        pixels += grey.width_px() * grey.height_px();
        kept.push(frame);
    }
    let written = writer.finish().expect("what was written can be ended");
    let mut back = RecordingReader::open(written.as_slice()).expect("what was written is read");
    for written in &kept {
        let read = back.next_frame().expect("a frame that was written is read").expect("no frame is lost");
        assert_eq!(&read, written, "a frame came back as another");
    }
});
