// What the test plant does itself: it numbers documents, moves orders and moves stock.
const cds = require('@sap/cds')

const next = async (entity, field, width) => {
  const [{ highest }] = await SELECT.from(entity).columns({ func: 'max', args: [{ ref: [field] }], as: 'highest' })
  return String(Number(highest ?? 0) + 1).padStart(width, '0')
}

// Lower case as it leaves the database of an ABAP system: 00 created, 02 released, 03 technically complete.
const phases = {
  ReleaseMaintenanceOrder: { from: ['00', '01'], to: '02' },
  SetMaintOrdToTechCompleted: { from: ['02'], to: '03' },
}

module.exports = cds.service.impl(async function () {
  const { 'plant.MaintenanceOrder': orders, 'plant.MaterialStock': stock } = cds.model.definitions
  if (this.name === 'API_MAINTENANCEORDER') {
    // As at SAP, day and time of the end follow the instant and cannot be written themselves.
    this.before(['CREATE', 'UPDATE'], 'MaintenanceOrder', (request) => {
      const order = request.data
      delete order.MaintOrdBasicEndDate
      delete order.MaintOrdBasicEndTime
      if (order.MaintOrdBasicEndDateTime === undefined) return
      const end = order.MaintOrdBasicEndDateTime && new Date(order.MaintOrdBasicEndDateTime).toISOString()
      order.MaintOrdBasicEndDate = end && end.slice(0, 10)
      order.MaintOrdBasicEndTime = end && end.slice(11, 19)
    })
    this.before('CREATE', 'MaintenanceOrder', async (request) => {
      request.data.MaintenanceOrder = await next('plant.MaintenanceOrder', 'MaintenanceOrder', 7)
    })
    // As at SAP, a text is made below its order only, and says which of the order's texts it is.
    this.before('CREATE', 'MaintenanceOrderLongText', (request) => {
      const into = request.query.INSERT.into.ref ?? []
      if (into.length < 2) return request.reject(405, 'MaintenanceOrderLongText is made below its order')
      const { TextObjectType, Language } = request.data
      if (!TextObjectType || !Language) return request.reject(400, 'A text needs its TextObjectType and its Language')
    })
    for (const [action, phase] of Object.entries(phases)) {
      this.on(action, async (request) => {
        const key = { MaintenanceOrder: request.data.MaintenanceOrder }
        const order = await SELECT.one.from(orders).where(key)
        if (!order) return request.reject(404, `Maintenance order ${key.MaintenanceOrder} does not exist`)
        if (!phase.from.includes(order.MaintOrdProcessPhaseCode)) {
          return request.reject(400, `Order ${key.MaintenanceOrder} is in phase ${order.MaintOrdProcessPhaseCode}: ${action} is not allowed`)
        }
        await UPDATE(orders).set({ MaintOrdProcessPhaseCode: phase.to }).where(key)
        return SELECT.one.from(orders).where(key)
      })
    }
    this.before('UPDATE', 'MaintenanceOrder', (request) => {
      // As at SAP, the phase moves by action only.
      delete request.data.MaintOrdProcessPhaseCode
    })
  }
  if (this.name === 'API_MAINTNOTIFICATION') {
    this.before('CREATE', 'MaintenanceNotification', async (request) => {
      request.data.MaintenanceNotification = await next('plant.MaintenanceNotification', 'MaintenanceNotification', 8)
    })
  }
  if (this.name === 'API_MAINTORDERCONFIRMATION') {
    this.before('CREATE', 'MaintOrderConfirmation', async (request) => {
      const order = await SELECT.one.from(orders).where({ MaintenanceOrder: request.data.MaintenanceOrder ?? '' })
      if (!order) return request.reject(400, `Maintenance order ${request.data.MaintenanceOrder} does not exist`)
      request.data.MaintOrderConf = await next('plant.MaintenanceOrderConfirmation', 'MaintOrderConf', 10)
    })
  }
  if (this.name === 'API_MATERIAL_DOCUMENT_SRV') {
    this.before('CREATE', 'A_MaterialDocumentHeader', async (request) => {
      const document = request.data
      document.MaterialDocumentYear = '2026'
      document.MaterialDocument = await next('plant.MaterialDocumentHeader', 'MaterialDocument', 10)
      for (const [index, item] of (document.to_MaterialDocumentItem ?? []).entries()) {
        item.MaterialDocumentItem = String(index + 1).padStart(4, '0')
        const where = { Material: item.Material, Plant: item.Plant, StorageLocation: item.StorageLocation }
        const held = await SELECT.one.from(stock).where(where)
        if (!held) return request.reject(400, `Material ${item.Material} is not kept at ${item.Plant}/${item.StorageLocation}`)
        const sign = item.GoodsMovementType === '261' ? -1 : 1
        const left = Number(held.MatlWrhsStkQtyInMatlBaseUnit) + sign * Number(item.QuantityInEntryUnit)
        if (left < 0) return request.reject(400, `Deficit of ${item.Material}: ${-left} ${item.EntryUnit}`)
        await UPDATE(stock).set({ MatlWrhsStkQtyInMatlBaseUnit: left }).where(where)
      }
    })
  }
})
