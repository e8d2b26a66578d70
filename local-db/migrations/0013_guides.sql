-- Guides, what stands where on machines, and what cameras see by.

-- Projection. Written by the authors of guides.
create table guide (
    guide_id text primary key,
    name text not null,
    asset_id text,
    asset_class text,
    created_at integer not null,
    created_by text,
    ended_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index guide_asset on guide (asset_id) where asset_id is not null;
create index guide_class on guide (asset_class) where asset_class is not null;

-- Projection. Written by every edit of a draft: append-only.
create table document_update (
    document_update_id text primary key,
    document_id text not null,
    bytes text not null,
    written_at integer not null,
    written_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index document_update_document on document_update (document_id);

-- Projection. Written when a draft is handed in, and when somebody decides on it.
create table guide_revision (
    guide_revision_id text primary key,
    guide_id text not null,
    number integer not null,
    content text not null,
    content_hash text not null,
    draft_version text not null,
    news text not null,
    authors text not null,
    status text not null check (status in ('in_review', 'approved', 'returned', 'withdrawn')),
    status_reason text,
    submitted_at integer not null,
    submitted_by text,
    decided_at integer,
    decided_by text,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index guide_revision_guide on guide_revision (guide_id, number);
create index guide_revision_review on guide_revision (submitted_at) where status = 'in_review';

-- Projection. Written by whoever signs that they have read a revision: append-only.
create table guide_read (
    guide_read_id text primary key,
    guide_revision_id text not null,
    person_id text not null,
    read_at integer not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index guide_read_revision on guide_read (guide_revision_id, person_id);

-- Projection. Written when a step is left, without a person: append-only.
create table step_time (
    step_time_id text primary key,
    guide_revision_id text not null,
    step_id text not null,
    work_order_id text,
    took_ms integer not null,
    recorded_at integer not null,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index step_time_step on step_time (guide_revision_id, step_id);

-- Projection. Written by whoever hangs, measures and surveys labels.
create table fiducial (
    fiducial_id text primary key,
    asset_id text not null,
    family text not null,
    number integer not null,
    size_m real not null,
    name text not null,
    bar_mm real,
    survey text,
    hung_at integer not null,
    hung_by text,
    removed_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index fiducial_asset on fiducial (asset_id);
create index fiducial_number on fiducial (family, number);

-- Projection. Written by whoever makes a profile of a camera.
create table camera_profile (
    camera_profile_id text primary key,
    camera text not null,
    width_px integer not null,
    height_px integer not null,
    focus text not null,
    intrinsics_px text not null,
    distortion text not null,
    sigma_px text not null,
    residual_px real not null,
    coverage real not null,
    picture_count integer not null,
    made_at integer not null,
    made_by text,
    ended_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index camera_profile_camera on camera_profile (camera, width_px, height_px);

-- Projection. Written by whoever brings the model of a machine.
create table machine_model (
    machine_model_id text primary key,
    name text not null,
    asset_id text,
    asset_class text,
    attachment_id text not null,
    blob text not null,
    parts text not null,
    triangle_count integer not null,
    brought_at integer not null,
    brought_by text,
    ended_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index machine_model_asset on machine_model (asset_id) where asset_id is not null;
create index machine_model_class on machine_model (asset_class) where asset_class is not null;

-- Projection. Written by whoever knows a machine's sources of energy.
create table energy_source (
    energy_source_id text primary key,
    asset_id text not null,
    name text not null,
    energy text not null,
    tag_binding_id text,
    bound_by text,
    approved_by text,
    approved_at integer,
    isolated_at text not null,
    ended_at integer,
    extra text not null default '{}',
    deleted integer not null default 0
) strict;
create index energy_source_asset on energy_source (asset_id);

-- By which revision an order is worked, and what its steps come from.
alter table work_order add column guide_revision_id text;
create index work_order_guide on work_order (guide_revision_id) where guide_revision_id is not null;
alter table work_step add column instrument text;
alter table work_step add column guide_place text;
create index work_step_guide on work_step (json_extract(guide_place, '$.guide_revision_id'), recorded_by)
    where guide_place is not null;

-- A picture of a guide, and the part that a photo is about.
alter table attachment add column guide_id text;
alter table attachment add column part text;
create index attachment_guide on attachment (guide_id) where guide_id is not null;
