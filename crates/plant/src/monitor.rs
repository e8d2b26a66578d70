//! The last value of every series and why it may not be current. Pure: time is passed in.

use std::collections::HashMap;

use millwright_model::{LiveValue, Quality, Sample, SeriesKey, StaleReason};

use crate::Moment;
use crate::sparkplug::StaleScope;

/// How a monitor behaves.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct MonitorSettings {
    /// The most series that are kept; further ones are refused and counted.
    pub series_max: usize,
    /// After how long without a word a series is silent, where it has no time of its own.
    pub silence_ms: u64,
}

impl Default for MonitorSettings {
    fn default() -> Self {
        Self { series_max: 200_000, silence_ms: 5 * 60 * 1000 }
    }
}

/// What became of a sample.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is the series' last value now.
    Current,
    /// It is older than the last value, or historical: the last value stays.
    Late,
    /// There are as many series as are kept: it is counted, not kept.
    Refused,
}

#[derive(Debug)]
struct Entry {
    series: SeriesKey,
    sample: Sample,
    heard_ms: u64,
    /// Death, a lost link or an unknown age; silence is worked out from the time.
    mark: Option<StaleReason>,
    silence_ms: Option<u64>,
    silent: bool,
}

/// The last value of every series that was heard.
#[derive(Debug)]
pub struct Monitor {
    settings: MonitorSettings,
    index: HashMap<SeriesKey, u32>,
    entries: Vec<Entry>,
    /// When each entry last changed, apart from the entries so that a scan per frame stays cheap.
    revisions: Vec<u64>,
    revision: u64,
    by_source: HashMap<String, Vec<u32>>,
    /// Series with a limit of their own, heard or not yet.
    silence_limits_ms: HashMap<SeriesKey, u64>,
    refused: u64,
    first_refused: Option<SeriesKey>,
}

impl Monitor {
    /// A monitor that has heard nothing.
    pub fn new(settings: MonitorSettings) -> Self {
        Self {
            settings,
            index: HashMap::new(),
            entries: Vec::new(),
            revisions: Vec::new(),
            revision: 0,
            by_source: HashMap::new(),
            silence_limits_ms: HashMap::new(),
            refused: 0,
            first_refused: None,
        }
    }

    /// How many series it keeps.
    pub fn series_count(&self) -> usize {
        self.entries.len()
    }

    /// How many samples of series beyond the limit were refused.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// The most series that are kept.
    pub fn series_max(&self) -> usize {
        self.settings.series_max
    }

    /// The first series that was refused.
    pub fn first_refused(&self) -> Option<&SeriesKey> {
        self.first_refused.as_ref()
    }

    /// Changes how many series are kept; those that are kept already stay.
    pub fn keep_at_most(&mut self, series_max: usize) {
        self.settings.series_max = series_max;
        self.first_refused = None;
    }

    /// Takes one sample, in constant time.
    pub fn record(&mut self, series: &SeriesKey, sample: &Sample, moment: Moment) -> Recorded {
        if let Some(place) = self.index.get(series) {
            let place = *place as usize;
            let Some(entry) = self.entries.get_mut(place) else { return Recorded::Refused };
            let late = sample.historical || (sample.source_at.is_some() && sample.at() < entry.sample.at());
            if late && !entry.sample.historical {
                return Recorded::Late;
            }
            entry.sample = sample.clone();
            entry.heard_ms = moment.monotonic_ms;
            entry.mark = own_mark(sample);
            entry.silent = false;
            self.touch(place);
            return Recorded::Current;
        }
        if self.entries.len() >= self.settings.series_max {
            self.refused += 1;
            self.first_refused.get_or_insert_with(|| series.clone());
            return Recorded::Refused;
        }
        self.insert(series, sample, moment);
        Recorded::Current
    }

    fn insert(&mut self, series: &SeriesKey, sample: &Sample, moment: Moment) {
        let place = self.entries.len();
        // The limit is far below: a place always fits.
        let short_place = u32::try_from(place).unwrap_or(u32::MAX);
        self.index.insert(series.clone(), short_place);
        for source in sources_of(series) {
            self.by_source.entry(source.to_owned()).or_default().push(short_place);
        }
        self.entries.push(Entry {
            series: series.clone(),
            sample: sample.clone(),
            heard_ms: moment.monotonic_ms,
            mark: own_mark(sample),
            silence_ms: self.silence_limits_ms.get(series).copied(),
            silent: false,
        });
        self.revisions.push(0);
        self.touch(place);
    }

    /// Sets how long this series may be silent; nothing gives it the usual time again.
    pub fn set_silence(&mut self, series: &SeriesKey, silence_ms: Option<u64>) {
        // Rules are usually set before the first sample comes: they wait for it.
        match silence_ms {
            Some(silence_ms) => self.silence_limits_ms.insert(series.clone(), silence_ms),
            None => self.silence_limits_ms.remove(series),
        };
        let Some(place) = self.index.get(series).map(|place| *place as usize) else { return };
        if let Some(entry) = self.entries.get_mut(place) {
            entry.silence_ms = silence_ms;
        }
        self.touch(place);
    }

    /// Marks values that are not current any more; each is current again with its next sample.
    pub fn mark_stale(&mut self, scope: &StaleScope, reason: StaleReason) {
        let places: Vec<usize> = match scope {
            StaleScope::Namespace => self.places(|series| !is_sparkplug(series)),
            StaleScope::Sparkplug => self.places(is_sparkplug),
            StaleScope::Source(source) => {
                let places = self.by_source.get(&source.0).map(Vec::as_slice).unwrap_or_default();
                places.iter().map(|place| *place as usize).collect()
            }
            StaleScope::Series(series) => {
                self.index.get(series).map(|place| *place as usize).into_iter().collect()
            }
        };
        for place in places {
            let Some(entry) = self.entries.get_mut(place) else { continue };
            // A death is the stronger word: a link that is lost later says nothing new.
            if entry.mark != Some(StaleReason::Death) && entry.mark != Some(reason) {
                entry.mark = Some(reason);
                self.touch(place);
            }
        }
    }

    /// Finds series that fell silent; called about once a second.
    pub fn sweep(&mut self, moment: Moment) {
        for place in 0..self.entries.len() {
            let usual_ms = self.settings.silence_ms;
            let Some(entry) = self.entries.get_mut(place) else { continue };
            let silent = is_silent(entry, usual_ms, moment);
            if silent != entry.silent {
                entry.silent = silent;
                self.touch(place);
            }
        }
    }

    /// One series' last value.
    pub fn get(&self, series: &SeriesKey, moment: Moment) -> Option<LiveValue> {
        let place = *self.index.get(series)? as usize;
        self.entries.get(place).map(|entry| self.live(entry, moment))
    }

    /// Whether a condition may rest on this series now: it is good and nothing makes it stale.
    pub fn is_current(&self, series: &SeriesKey, moment: Moment) -> bool {
        self.get(series, moment)
            .is_some_and(|live| live.stale.is_none() && live.sample.quality == Quality::Good)
    }

    /// How old a series' last value is; nothing when its age cannot be known.
    pub fn age_ms(&self, series: &SeriesKey, moment: Moment) -> Option<i64> {
        let live = self.get(series, moment)?;
        (live.stale != Some(StaleReason::AgeUnknown)).then(|| moment.wall.since_ms(live.sample.at()))
    }

    /// All last values, and the revision to ask changes from.
    pub fn snapshot(&self, moment: Moment) -> (Vec<LiveValue>, u64) {
        (self.entries.iter().map(|entry| self.live(entry, moment)).collect(), self.revision)
    }

    /// The values that changed after `revision` (only the newest of each), and the revision to ask next from.
    pub fn changes_since(&self, revision: u64, moment: Moment) -> (Vec<LiveValue>, u64) {
        let changed = self
            .revisions
            .iter()
            .zip(&self.entries)
            .filter(|(changed_at, _)| **changed_at > revision)
            .map(|(_, entry)| self.live(entry, moment))
            .collect();
        (changed, self.revision)
    }

    fn places(&self, wanted: impl Fn(&SeriesKey) -> bool) -> Vec<usize> {
        let entries = self.entries.iter().enumerate();
        entries.filter(|(_, entry)| wanted(&entry.series)).map(|(place, _)| place).collect()
    }

    fn live(&self, entry: &Entry, moment: Moment) -> LiveValue {
        let silent = is_silent(entry, self.settings.silence_ms, moment);
        let stale = entry.mark.or(silent.then_some(StaleReason::Silence));
        LiveValue { series: entry.series.clone(), sample: entry.sample.clone(), stale }
    }

    fn touch(&mut self, place: usize) {
        self.revision += 1;
        if let Some(revision) = self.revisions.get_mut(place) {
            *revision = self.revision;
        }
    }
}

fn is_sparkplug(series: &SeriesKey) -> bool {
    series.0.starts_with("spb:")
}

fn own_mark(sample: &Sample) -> Option<StaleReason> {
    (sample.retained && sample.source_at.is_none()).then_some(StaleReason::AgeUnknown)
}

fn is_silent(entry: &Entry, usual_ms: u64, moment: Moment) -> bool {
    let limit_ms = entry.silence_ms.unwrap_or(usual_ms);
    let heard_long_ago = moment.monotonic_ms.saturating_sub(entry.heard_ms) > limit_ms;
    // A retained message arrives now and may have been said long ago.
    let said_long_ago = entry.sample.retained
        && entry
            .sample
            .source_at
            .is_some_and(|at| u64::try_from(moment.wall.since_ms(at)).is_ok_and(|age_ms| age_ms > limit_ms));
    heard_long_ago || said_long_ago
}

/// The Sparkplug sources whose death is this series' too: its device and its node.
fn sources_of(series: &SeriesKey) -> impl Iterator<Item = &str> {
    let source = series.0.strip_prefix("spb:").and_then(|rest| {
        // Ids have no bare «:»: the first one ends the source (see `SourceName`).
        rest.find(':').map(|end| &series.0[..end + "spb:".len()])
    });
    let node = source.and_then(|source| {
        let mut slashes = source.match_indices('/').map(|(place, _)| place);
        slashes.nth(1).map(|end| &source[..end])
    });
    source.into_iter().chain(node)
}

#[cfg(test)]
#[path = "monitor_tests.rs"]
mod tests;
