//! The sets of the ERP: services, keys, fields and navigation, with SAP's names.

/// What a field holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// Text of at most so many characters.
    Text(usize),
    /// `/Date(…)/` at midnight.
    Date,
    /// `/Date(…)/`.
    Instant,
    /// `PT8H30M0S`.
    Time,
    /// A decimal number as text.
    Decimal,
}

/// A field.
#[derive(Copy, Clone, Debug)]
pub(super) struct Field {
    pub name: &'static str,
    pub kind: FieldKind,
}

/// A navigation property to children that begin with the same key fields.
#[derive(Copy, Clone, Debug)]
pub(super) struct Navigation {
    pub name: &'static str,
    pub set: &'static str,
}

/// What may be done with a set.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Create,
    CreateAndChange,
    /// Changed by its key, and made below another record.
    Change,
}

/// A set of records.
#[derive(Copy, Clone, Debug)]
pub(super) struct EntitySet {
    pub service: &'static str,
    pub name: &'static str,
    pub keys: &'static [&'static str],
    pub fields: &'static [Field],
    pub navigation: &'static [Navigation],
    pub access: Access,
    /// The field whose value makes the version, where versions are watched.
    pub version: Option<&'static str>,
}

impl EntitySet {
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The navigation of a name.
    pub fn navigation(&self, name: &str) -> Option<&'static Navigation> {
        self.navigation.iter().find(|navigation| navigation.name == name)
    }

    pub fn has_field(&self, name: &str) -> bool {
        self.field(name).is_some()
    }
}

/// The set of a service.
pub(super) fn set_of(service: &str, name: &str) -> Option<&'static EntitySet> {
    SETS.iter().find(|set| set.service == service && set.name == name)
}

/// The set of a name, which is the same in every service.
pub(super) fn set_named(name: &str) -> Option<&'static EntitySet> {
    SETS.iter().find(|set| set.name == name)
}

const fn text(name: &'static str, length: usize) -> Field {
    Field { name, kind: FieldKind::Text(length) }
}

const fn date(name: &'static str) -> Field {
    Field { name, kind: FieldKind::Date }
}

const fn instant(name: &'static str) -> Field {
    Field { name, kind: FieldKind::Instant }
}

const fn time(name: &'static str) -> Field {
    Field { name, kind: FieldKind::Time }
}

const fn decimal(name: &'static str) -> Field {
    Field { name, kind: FieldKind::Decimal }
}

/// SAP knows no end of a long text; a demo does.
const LONG_TEXT: usize = 100_000;
const CHANGED_AT: Field = instant("LastChangeDateTime");
const CHANGED_BY: Field = text("LastChangedByUser", 12);

const fn read_only(
    service: &'static str,
    name: &'static str,
    keys: &'static [&'static str],
    fields: &'static [Field],
) -> EntitySet {
    EntitySet { service, name, keys, fields, navigation: &[], access: Access::Read, version: None }
}

/// All sets.
pub(super) const SETS: &[EntitySet] = &[
    read_only(
        "API_FUNCTIONALLOCATION",
        "FunctionalLocation",
        &["FunctionalLocation"],
        &[
            text("FunctionalLocation", 40),
            text("FunctionalLocationName", 40),
            text("FunctionalLocationLabelName", 40),
            text("SuperiorFunctionalLocation", 40),
            text("ABCIndicator", 1),
            CHANGED_AT,
            CHANGED_BY,
        ],
    ),
    read_only(
        "API_EQUIPMENT",
        "Equipment",
        &["Equipment", "ValidityEndDate"],
        &[
            text("Equipment", 18),
            date("ValidityEndDate"),
            text("EquipmentName", 40),
            text("EquipmentCategory", 1),
            text("TechnicalObjectType", 10),
            text("MaintenancePlant", 4),
            text("ABCIndicator", 1),
            text("FunctionalLocation", 40),
            text("SuperordinateEquipment", 18),
            text("TechnicalIdentification", 25),
            CHANGED_AT,
            CHANGED_BY,
        ],
    ),
    EntitySet {
        navigation: &[
            Navigation { name: "to_MaintenanceOrderOperation", set: "MaintenanceOrderOperation" },
            Navigation { name: "to_MaintenanceOrderLongText", set: "MaintenanceOrderLongText" },
        ],
        access: Access::CreateAndChange,
        version: Some("LastChangeDateTime"),
        ..read_only(
            "API_MAINTENANCEORDER",
            "MaintenanceOrder",
            &["MaintenanceOrder"],
            &[
                text("MaintenanceOrder", 12),
                text("MaintenanceOrderType", 4),
                text("MaintenanceOrderDesc", 40),
                text("MaintPriority", 1),
                text("MaintenancePlant", 4),
                text("MaintenancePlanningPlant", 4),
                text("MainWorkCenter", 8),
                text("Equipment", 18),
                text("FunctionalLocation", 40),
                text("MaintenanceActivityType", 3),
                date("MaintOrdBasicStartDate"),
                date("MaintOrdBasicEndDate"),
                time("MaintOrdBasicEndTime"),
                instant("MaintOrdBasicEndDateTime"),
                time("MaintOrdBasicStartTime"),
                text("MaintOrdProcessPhaseCode", 2),
                text("MaintOrdPersonResponsible", 12),
                text("YY1_MillwrightKey_ORD", 36),
                CHANGED_AT,
                text("LastChangeByUser", 12),
            ],
        )
    },
    EntitySet {
        access: Access::Change,
        ..read_only(
            "API_MAINTENANCEORDER",
            "MaintenanceOrderLongText",
            &["MaintenanceOrder", "TextObjectType", "Language"],
            &[
                text("MaintenanceOrder", 12),
                text("TextObjectType", 4),
                text("Language", 2),
                text("MaintenanceOrderLongText", LONG_TEXT),
            ],
        )
    },
    read_only(
        "API_MAINTENANCEORDER",
        "MaintenanceOrderOperation",
        &["MaintenanceOrder", "MaintenanceOrderOperation"],
        &[
            text("MaintenanceOrder", 12),
            text("MaintenanceOrderOperation", 4),
            text("OperationDescription", 40),
            text("WorkCenter", 8),
            text("OperationControlKey", 4),
        ],
    ),
    EntitySet {
        access: Access::Create,
        ..read_only(
            "API_MAINTNOTIFICATION",
            "MaintenanceNotification",
            &["MaintenanceNotification"],
            &[
                text("MaintenanceNotification", 12),
                text("NotificationText", 40),
                text("NotificationType", 2),
                text("MaintPriority", 1),
                text("ReportedByUser", 12),
                date("MalfunctionStartDate"),
                time("MalfunctionStartTime"),
                text("TechnicalObject", 40),
                text("TechObjIsEquipOrFuncnlLoc", 20),
                text("MaintNotifLongTextForEdit", 1333),
                text("YY1_MillwrightKey_NOT", 36),
                CHANGED_AT,
                CHANGED_BY,
            ],
        )
    },
    EntitySet {
        access: Access::Create,
        ..read_only(
            "API_MAINTORDERCONFIRMATION",
            "MaintOrderConfirmation",
            &["MaintOrderConf"],
            &[
                text("MaintOrderConf", 10),
                text("MaintenanceOrder", 12),
                text("MaintenanceOrderOperation", 4),
                text("ConfirmationText", 40),
                decimal("ActualWorkQuantity"),
                text("ActualWorkQuantityUnit", 3),
                text("PersonnelNumber", 8),
                date("PostingDate"),
                text("YY1_MillwrightKey_CNF", 36),
                CHANGED_AT,
                CHANGED_BY,
            ],
        )
    },
    EntitySet {
        navigation: &[Navigation { name: "to_MaterialDocumentItem", set: "A_MaterialDocumentItem" }],
        access: Access::Create,
        ..read_only(
            "API_MATERIAL_DOCUMENT_SRV",
            "A_MaterialDocumentHeader",
            &["MaterialDocumentYear", "MaterialDocument"],
            &[
                text("MaterialDocumentYear", 4),
                text("MaterialDocument", 10),
                date("DocumentDate"),
                date("PostingDate"),
                text("MaterialDocumentHeaderText", 25),
                text("GoodsMovementCode", 2),
                CHANGED_AT,
                CHANGED_BY,
            ],
        )
    },
    read_only(
        "API_MATERIAL_DOCUMENT_SRV",
        "A_MaterialDocumentItem",
        &["MaterialDocumentYear", "MaterialDocument", "MaterialDocumentItem"],
        &[
            text("MaterialDocumentYear", 4),
            text("MaterialDocument", 10),
            text("MaterialDocumentItem", 4),
            text("Material", 40),
            text("Plant", 4),
            text("StorageLocation", 4),
            text("GoodsMovementType", 3),
            text("ManufacturingOrder", 12),
            decimal("QuantityInEntryUnit"),
            text("EntryUnit", 3),
            text("EWMStorageBin", 18),
        ],
    ),
    EntitySet {
        navigation: &[Navigation { name: "to_Description", set: "A_ProductDescription" }],
        ..read_only(
            "API_PRODUCT_SRV",
            "A_Product",
            &["Product"],
            &[text("Product", 40), text("BaseUnit", 3), CHANGED_AT, CHANGED_BY],
        )
    },
    read_only(
        "API_PRODUCT_SRV",
        "A_ProductDescription",
        &["Product", "Language"],
        &[text("Product", 40), text("Language", 2), text("ProductDescription", 40)],
    ),
    read_only(
        "API_MATERIAL_STOCK_SRV",
        "A_MatlStkInAcctMod",
        &["Material", "Plant", "StorageLocation"],
        &[
            text("Material", 40),
            text("Plant", 4),
            text("StorageLocation", 4),
            text("WarehouseStorageBin", 10),
            text("MaterialBaseUnit", 3),
            decimal("MatlWrhsStkQtyInMatlBaseUnit"),
        ],
    ),
    read_only(
        "API_BUSINESS_PARTNER",
        "A_Supplier",
        &["Supplier"],
        &[text("Supplier", 10), text("SupplierName", 80), CHANGED_AT, CHANGED_BY],
    ),
    read_only(
        "API_INFORECORD_PROCESS_SRV",
        "A_PurchasingInfoRecord",
        &["PurchasingInfoRecord"],
        &[
            text("PurchasingInfoRecord", 10),
            text("Supplier", 10),
            text("Material", 40),
            decimal("MaterialPlannedDeliveryDurn"),
            decimal("NetPriceAmount"),
            text("Currency", 3),
        ],
    ),
    read_only(
        "API_PERSONWORKAGREEMENT",
        "A_PersonWorkAgreement",
        &["PersonWorkAgreement"],
        &[text("PersonWorkAgreement", 8), text("PersonFullName", 80)],
    ),
];
