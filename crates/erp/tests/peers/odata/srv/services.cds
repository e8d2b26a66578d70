// One service per SAP service, so that the adapter meets several roots as in a real plant.
using plant from '../db/schema';

@path: 'API_EQUIPMENT'  @requires: 'any'
service API_EQUIPMENT { entity Equipment as projection on plant.Equipment; }

@path: 'API_FUNCTIONALLOCATION'  @requires: 'any'
service API_FUNCTIONALLOCATION { entity FunctionalLocation as projection on plant.FunctionalLocation; }

@path: 'API_MAINTENANCEORDER'  @requires: 'authenticated-user'
service API_MAINTENANCEORDER {
  entity MaintenanceOrder as projection on plant.MaintenanceOrder;
  entity MaintenanceOrderLongText as projection on plant.MaintenanceOrderLongText;
  entity MaintenanceOrderOperation as projection on plant.MaintenanceOrderOperation;
  action ReleaseMaintenanceOrder(MaintenanceOrder : String(12)) returns MaintenanceOrder;
  action SetMaintOrdToTechCompleted(MaintenanceOrder : String(12)) returns MaintenanceOrder;
}
annotate API_MAINTENANCEORDER.MaintenanceOrder with { LastChangeDateTime @odata.etag; };

@path: 'API_MAINTNOTIFICATION'  @requires: 'authenticated-user'
service API_MAINTNOTIFICATION { entity MaintenanceNotification as projection on plant.MaintenanceNotification; }

@path: 'API_MAINTORDERCONFIRMATION'  @requires: 'authenticated-user'
service API_MAINTORDERCONFIRMATION { entity MaintOrderConfirmation as projection on plant.MaintenanceOrderConfirmation; }

@path: 'API_MATERIAL_DOCUMENT_SRV'  @requires: 'authenticated-user'
service API_MATERIAL_DOCUMENT_SRV {
  entity A_MaterialDocumentHeader as projection on plant.MaterialDocumentHeader;
  entity A_MaterialDocumentItem as projection on plant.MaterialDocumentItem;
}

@path: 'API_PRODUCT_SRV'  @requires: 'authenticated-user'
service API_PRODUCT_SRV {
  entity A_Product as projection on plant.Product;
  entity A_ProductDescription as projection on plant.ProductDescription;
}

@path: 'API_MATERIAL_STOCK_SRV'  @requires: 'authenticated-user'
service API_MATERIAL_STOCK_SRV { entity A_MatlStkInAcctMod as projection on plant.MaterialStock; }

@path: 'API_BUSINESS_PARTNER'  @requires: 'authenticated-user'
service API_BUSINESS_PARTNER { entity A_Supplier as projection on plant.Supplier; }

@path: 'API_INFORECORD_PROCESS_SRV'  @requires: 'authenticated-user'
service API_INFORECORD_PROCESS_SRV { entity A_PurchasingInfoRecord as projection on plant.PurchasingInfoRecord; }

@path: 'API_PERSONWORKAGREEMENT'  @requires: 'authenticated-user'
service API_PERSONWORKAGREEMENT { entity A_PersonWorkAgreement as projection on plant.PersonWorkAgreement; }

annotate API_MAINTENANCEORDER with @impl: 'srv/services.js';
annotate API_MAINTNOTIFICATION with @impl: 'srv/services.js';
annotate API_MAINTORDERCONFIRMATION with @impl: 'srv/services.js';
annotate API_MATERIAL_DOCUMENT_SRV with @impl: 'srv/services.js';
