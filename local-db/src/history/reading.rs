//! Questions to history: a span thinned for a picture, and a span as it was kept.

use std::collections::BTreeSet;

use millwright_model::{SeriesKey, TrendView};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::StoredSample;
use super::chunk::{self, NumberSummary, Summary};
use super::pyramid::{self, ENTRY_SAMPLES};
use super::store::History;
use super::trend::Thinner;
use crate::StoreError;

/// A chunk's row without its blobs.
struct ChunkRow {
    chunk_id: i64,
    summary: Summary,
}

impl History {
    /// A span of a series, thinned to at most `bucket_count` buckets.
    ///
    /// A wide bucket takes chunks by their summaries, a narrower one by their pyramids; only where a bucket is narrower
    /// than that are chunks opened.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn trend(
        &self,
        series: &SeriesKey,
        from_ms: i64,
        to_ms: i64,
        bucket_count: u32,
    ) -> Result<TrendView, StoreError> {
        let mut thinner = Thinner::new(from_ms, to_ms, bucket_count);
        let (rows, hot) = self.span(series, from_ms, to_ms).await?;
        let mut straddling = Vec::new();
        for row in &rows {
            if !take_whole(&mut thinner, &row.summary) {
                straddling.push(row.chunk_id);
            }
        }
        let mut to_open = Vec::new();
        for row in self.blobs("select chunk_id, pyramid from chunk", &straddling).await? {
            let chunk_id: i64 = row.try_get(0)?;
            let places = match row.try_get::<Option<&[u8]>, _>(1)? {
                Some(bytes) => narrow(&mut thinner, &pyramid::decode(bytes)?),
                // Sealed by one of the first releases.
                None => Places::All,
            };
            match places {
                Places::All => to_open.push((chunk_id, Places::All)),
                Places::Entries(entries) if entries.is_empty() => {}
                Places::Entries(entries) => to_open.push((chunk_id, Places::Entries(entries))),
            }
        }
        let chunk_ids: Vec<i64> = to_open.iter().map(|(chunk_id, _)| *chunk_id).collect();
        for row in self.blobs("select chunk_id, bytes from chunk", &chunk_ids).await? {
            let chunk_id: i64 = row.try_get(0)?;
            let samples = chunk::open(row.try_get(1)?)?;
            let Ok(place) = to_open.binary_search_by_key(&chunk_id, |(chunk_id, _)| *chunk_id) else {
                continue;
            };
            let Some((_, places)) = to_open.get(place) else { continue };
            for (entry, samples) in samples.chunks(ENTRY_SAMPLES).enumerate() {
                if places.hold(entry) {
                    samples.iter().for_each(|sample| thinner.add_sample(sample));
                }
            }
        }
        for sample in &hot {
            thinner.add_sample(sample);
        }
        Ok(thinner.finish())
    }

    /// The samples of a span as they were kept, in time order, at most `limit`, the newest of them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn samples(
        &self,
        series: &SeriesKey,
        from_ms: i64,
        to_ms: i64,
        limit: usize,
    ) -> Result<Vec<StoredSample>, StoreError> {
        let (rows, hot) = self.span(series, from_ms, to_ms).await?;
        let chunk_ids: Vec<i64> = rows.iter().map(|row| row.chunk_id).collect();
        let mut samples = Vec::new();
        for row in self.blobs("select chunk_id, bytes from chunk", &chunk_ids).await? {
            samples.extend(chunk::open(row.try_get(1)?)?);
        }
        samples.extend(hot);
        samples.retain(|sample| sample.at_ms >= from_ms && sample.at_ms < to_ms);
        samples.sort_by_key(|sample| (sample.at_ms, sample.ordinal));
        // A sample that came late may lie both in a chunk and in the head: the same key and value is one sample.
        samples.dedup_by(|later, earlier| later.source_time && later == earlier);
        let surplus = samples.len().saturating_sub(limit);
        samples.drain(..surplus);
        Ok(samples)
    }

    /// The chunks that touch a span, and the samples of it that are still hot. Both are taken under one lock:
    /// a checkpoint in between would show a sample twice or not at all.
    async fn span(
        &self,
        series: &SeriesKey,
        from_ms: i64,
        to_ms: i64,
    ) -> Result<(Vec<ChunkRow>, Vec<StoredSample>), StoreError> {
        let heads = self.heads.lock().await;
        let Some(head) = heads.get(series.0.as_str()) else { return Ok((Vec::new(), Vec::new())) };
        // Only columns of the index: no page with a blob is touched.
        let rows = sqlx::query(
            "select chunk_id, first_ms, last_ms, number_min, number_max, number_sum, number_count from chunk \
             where series_id = ? and last_ms >= ? and first_ms < ? order by last_ms",
        )
        .bind(head.series_id)
        .bind(from_ms)
        .bind(to_ms)
        .fetch_all(&self.pool)
        .await?;
        let mut hot = head.all()?;
        hot.retain(|sample| (from_ms..to_ms).contains(&sample.at_ms));
        Ok((rows.iter().map(chunk_row).collect::<Result<_, _>>()?, hot))
    }

    /// The asked column of chunks, in the order of their ids, in one question.
    async fn blobs(&self, question: &'static str, chunk_ids: &[i64]) -> Result<Vec<SqliteRow>, StoreError> {
        if chunk_ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = serde_json::to_string(chunk_ids).map_err(|error| StoreError::corrupt("chunk", error))?;
        let question =
            format!("{question} where chunk_id in (select value from json_each(?)) order by chunk_id");
        Ok(sqlx::query(sqlx::AssertSqlSafe(question)).bind(ids).fetch_all(&self.pool).await?)
    }
}

/// Which entries of a chunk must be read sample by sample.
enum Places {
    All,
    Entries(BTreeSet<usize>),
}

impl Places {
    fn hold(&self, entry: usize) -> bool {
        match self {
            Self::All => true,
            Self::Entries(entries) => entries.contains(&entry),
        }
    }
}

/// Takes the entries that can be taken as a whole; returns the others.
fn narrow(thinner: &mut Thinner, entries: &[Summary]) -> Places {
    let mut open = BTreeSet::new();
    for (place, entry) in entries.iter().enumerate() {
        if thinner.touches(entry.first_ms, entry.last_ms) && !take_whole(thinner, entry) {
            open.insert(place);
        }
    }
    Places::Entries(open)
}

/// Whether the summary could be taken as a whole, which is then done.
fn take_whole(thinner: &mut Thinner, summary: &Summary) -> bool {
    if !thinner.takes_whole(summary.first_ms, summary.last_ms) {
        return false;
    }
    if let Some(numbers) = summary.numbers {
        thinner.add_summary(summary.first_ms + (summary.last_ms - summary.first_ms) / 2, numbers);
    }
    true
}

fn chunk_row(row: &SqliteRow) -> Result<ChunkRow, StoreError> {
    let count: i64 = row.try_get(6)?;
    let numbers = match u64::try_from(count) {
        Ok(count) if count > 0 => {
            let (min, max, sum) = (row.try_get(3)?, row.try_get(4)?, row.try_get(5)?);
            Some(NumberSummary { min, max, sum, count })
        }
        _ => None,
    };
    let summary = Summary { first_ms: row.try_get(1)?, last_ms: row.try_get(2)?, count, numbers };
    Ok(ChunkRow { chunk_id: row.try_get(0)?, summary })
}
