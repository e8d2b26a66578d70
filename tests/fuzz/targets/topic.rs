//! Topics and topic filters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use millwright_plant::link::LinkConfig;
use millwright_plant::sparkplug::SparkplugTopic;
use millwright_plant::sparkplug::topic::{hears_beside_sparkplug, sparkplug_part};

fuzz_target!(|text: &str| {
    let _read_or_refused = SparkplugTopic::parse(text).is_ok();
    let allowed = |filter: &str| LinkConfig::new("broker", 1883, "fuzz", &[filter]).check().is_ok();
    if allowed(text) {
        let part = sparkplug_part(text);
        assert!(part.is_some() || hears_beside_sparkplug(text), "{text} is heard by nobody");
        assert!(part.is_none_or(|part| allowed(&part)), "{text}");
    }
});
