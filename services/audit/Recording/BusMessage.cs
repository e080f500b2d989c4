namespace Mainstay.Audit.Recording;

/// <summary>A message of the bus: any bytes at all, so that what is no audit event is kept too and not lost.</summary>
internal sealed record BusMessage(byte[] Body);
