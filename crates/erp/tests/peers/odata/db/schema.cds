// Tables of the test plant, with the entity and field names of SAP's maintenance APIs.
namespace plant;

aspect dated {
  LastChangeDateTime : Timestamp @cds.on.insert: $now @cds.on.update: $now;
}

aspect changed : dated {
  LastChangedByUser  : String(12) @cds.on.insert: $user @cds.on.update: $user;
}

entity Equipment : changed {
  key Equipment               : String(18);
  key ValidityEndDate         : Date;
      EquipmentName           : String(40);
      EquipmentCategory       : String(1);
      TechnicalObjectType     : String(10);
      MaintenancePlant        : String(4);
      ABCIndicator            : String(1);
      FunctionalLocation      : String(30);
      SuperordinateEquipment  : String(18);
      TechnicalIdentification : String(25);
}

entity FunctionalLocation : changed {
  key FunctionalLocation           : String(40);
      FunctionalLocationName       : String(40);
      FunctionalLocationLabelName  : String(40);
      SuperiorFunctionalLocation   : String(40);
      ABCIndicator                 : String(1);
}

entity MaintenanceOrder : dated {
  key MaintenanceOrder             : String(12);
      MaintenanceOrderType         : String(4);
      MaintenanceOrderDesc         : String(40);
      MaintPriority                : String(1);
      MaintenancePlant             : String(4);
      MaintenancePlanningPlant     : String(4);
      MainWorkCenter               : String(8);
      Equipment                    : String(18);
      FunctionalLocation           : String(40);
      MaintenanceActivityType      : String(3);
      MaintOrdBasicStartDate       : Date;
      MaintOrdBasicEndDate         : Date;
      MaintOrdBasicEndTime         : Time;
      MaintOrdBasicEndDateTime     : DateTime;
      MaintOrdBasicStartTime       : Time;
      MaintOrdProcessPhaseCode     : String(2) default '00';
      MaintOrdPersonResponsible    : String(12);
      LastChangeByUser             : String(12) @cds.on.insert: $user @cds.on.update: $user;
      YY1_MillwrightKey_ORD        : String(36);
      YY1_ClosingText_ORD          : String(1333);
      to_MaintenanceOrderLongText  : Composition of many MaintenanceOrderLongText
                                       on to_MaintenanceOrderLongText.MaintenanceOrder = $self.MaintenanceOrder;
      to_MaintenanceOrderOperation : Composition of many MaintenanceOrderOperation
                                       on to_MaintenanceOrderOperation.MaintenanceOrder = $self.MaintenanceOrder;
}

entity MaintenanceOrderLongText {
  key MaintenanceOrder         : String(12);
  key TextObjectType           : String(4);
  key Language                 : String(2);
      MaintenanceOrderLongText : LargeString;
}

entity MaintenanceOrderOperation {
  key MaintenanceOrder          : String(12);
  key MaintenanceOrderOperation : String(4);
      OperationDescription      : String(40);
      WorkCenter                : String(8);
      OperationControlKey       : String(4);
      ActualWorkQuantity        : Decimal(13, 3);
}

entity MaintenanceNotification : changed {
  key MaintenanceNotification   : String(12);
      NotificationText          : String(40);
      NotificationType          : String(2);
      MaintPriority             : String(1);
      ReportedByUser            : String(12);
      MalfunctionStartDate      : Date;
      MalfunctionStartTime      : Time;
      TechnicalObject           : String(40);
      TechObjIsEquipOrFuncnlLoc : String(20);
      MaintNotifLongTextForEdit : String(1333);
      YY1_MillwrightKey_NOT     : String(36);
}

entity MaintenanceOrderConfirmation : changed {
  key MaintOrderConf            : String(10);
      MaintenanceOrder          : String(12);
      MaintenanceOrderOperation : String(4);
      ConfirmationText          : String(40);
      ActualWorkQuantity        : Decimal(13, 3);
      ActualWorkQuantityUnit    : String(3);
      PersonnelNumber           : String(8);
      PostingDate               : Date;
      YY1_MillwrightKey_CNF     : String(36);
}

entity MaterialDocumentHeader : changed {
  key MaterialDocumentYear       : String(4);
  key MaterialDocument           : String(10);
      DocumentDate               : Date;
      PostingDate                : Date;
      MaterialDocumentHeaderText : String(25);
      GoodsMovementCode          : String(2);
      to_MaterialDocumentItem    : Composition of many MaterialDocumentItem
                                     on  to_MaterialDocumentItem.MaterialDocumentYear = $self.MaterialDocumentYear
                                     and to_MaterialDocumentItem.MaterialDocument = $self.MaterialDocument;
}

entity MaterialDocumentItem {
  key MaterialDocumentYear : String(4);
  key MaterialDocument     : String(10);
  key MaterialDocumentItem : String(4);
      Material             : String(40);
      Plant                : String(4);
      StorageLocation      : String(4);
      GoodsMovementType    : String(3);
      ManufacturingOrder   : String(12);
      QuantityInEntryUnit  : Decimal(13, 3);
      EntryUnit            : String(3);
      EWMStorageBin        : String(18);
}

entity Product : changed {
  key Product        : String(40);
      BaseUnit       : String(3);
      to_Description : Composition of many ProductDescription on to_Description.Product = $self.Product;
}

entity ProductDescription {
  key Product            : String(40);
  key Language           : String(2);
      ProductDescription : String(40);
}

entity MaterialStock {
  key Material                      : String(40);
  key Plant                         : String(4);
  key StorageLocation               : String(4);
      MaterialBaseUnit              : String(3);
      MatlWrhsStkQtyInMatlBaseUnit  : Decimal(31, 14);
}

entity Supplier : changed {
  key Supplier     : String(10);
      SupplierName : String(80);
}

entity PurchasingInfoRecord {
  key PurchasingInfoRecord       : String(10);
      Supplier                   : String(10);
      Material                   : String(40);
      MaterialPlannedDeliveryDurn : Decimal(3, 0);
      NetPriceAmount             : Decimal(11, 2);
      Currency                   : String(3);
}

entity PersonWorkAgreement {
  key PersonWorkAgreement : String(8);
      PersonFullName      : String(80);
}
