using OpenTelemetry.Proto.Collector.Logs.V1;

namespace Mainstay.Audit.Sinks.Otlp;

/// <summary>Brings log records to a collector, in one of OTLP's ways.</summary>
internal interface ILogsExporter : IDisposable
{
    /// <summary>Exports records and says what became of them.</summary>
    Task<LogsExport> ExportAsync(ExportLogsServiceRequest request, CancellationToken cancellationToken);
}

/// <summary>What became of an export.</summary>
/// <param name="Delivery">Whether the collector took the records.</param>
/// <param name="Rejected">How many of them it rejected although it took the rest.</param>
internal sealed record LogsExport(Delivery Delivery, long Rejected = 0)
{
    /// <summary>A delivery that the collector answered.</summary>
    public static LogsExport Of(ExportLogsServiceResponse response) => new(Delivery.Complete, response.PartialSuccess?.RejectedLogRecords ?? 0);
}
