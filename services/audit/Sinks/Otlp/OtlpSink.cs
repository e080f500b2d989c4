namespace Mainstay.Audit.Sinks.Otlp;

/// <summary>Exports events as log records over OTLP.</summary>
internal sealed class OtlpSink(ILogsExporter exporter, TimeSpan gathering, TimeProvider clock) : IAuditSink
{
    // Collectors take 4 MiB at once unless they are told otherwise.
    public SinkLimits Limits { get; } = new(1000, 4_000_000, 1_000_000) { EventOverhead = 8, Gathering = gathering };

    public byte[] Encode(OutgoingEvent outgoing) => OtlpRecord.Write(outgoing, clock.GetUtcNow());

    public async Task<Delivery> DeliverAsync(IReadOnlyList<EncodedEvent> events, CancellationToken cancellationToken)
    {
        var export = await exporter.ExportAsync(OtlpRecord.Request(events), cancellationToken);
        return export.Rejected == 0 ? export.Delivery : export.Delivery with
        {
            // The collector does not say which, and must not be asked again.
            Refused =
            [
                .. events.Select((_, index) => new RefusedEvent(index, $"The collector rejected {export.Rejected} of the {events.Count} records of this delivery without saying which.")),
            ],
        };
    }

    public ValueTask DisposeAsync()
    {
        exporter.Dispose();
        return ValueTask.CompletedTask;
    }
}
