using Dapper;
using Google.Protobuf;
using Grpc.Core;
using Mainstay.Audit.Integrity;
using Mainstay.Audit.Search;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Export;

/// <summary>Streams events as a file, in the order in which they were stored, with the checkpoints that prove them.</summary>
internal sealed class ExportEvents(NpgsqlDataSource database, MakeCheckpoint makeCheckpoint)
{
    private const int ChunkBytes = 64 * 1024;

    public async Task ExecuteAsync(ExportEventsRequest request, ReaderScope scope, IServerStreamWriter<ExportEventsResponse> stream, CancellationToken cancellationToken)
    {
        if (request.FirstSequence < 0 || request.LastSequence < 0 || (request.LastSequence > 0 && request.LastSequence < request.FirstSequence))
        {
            throw AuditErrors.FieldInvalid("first_sequence", "must be 0 or more and not lie behind last_sequence");
        }

        // So that a checkpoint covers the last of it.
        await makeCheckpoint.ExecuteAsync(now: true, cancellationToken);
        await using var records = await TrailRecords.OpenAsync(database, cancellationToken);
        var range = RangeOf(request, scope, records);
        IExportFormat format = request.Format == ExportFormat.Csv ? new CsvExport() : new JsonLinesExport(records, range);

        var chunk = new MemoryStream();
        var count = 0L;
        await format.BeginAsync(chunk);
        await foreach (var found in FindAsync(records.Connection, request.Filter, scope, range).WithCancellation(cancellationToken))
        {
            await format.WriteAsync(chunk, found);
            count++;
            if (chunk.Length >= ChunkBytes)
            {
                await stream.WriteAsync(new ExportEventsResponse { Data = Take(chunk) }, cancellationToken);
            }
        }

        await format.EndAsync(chunk);
        await stream.WriteAsync(
            new ExportEventsResponse { Data = Take(chunk), EventCount = count, Checkpoint = records.Newest?.ToProto() }, cancellationToken);
    }

    // What retention has dropped is not missing.
    private static ExportRange RangeOf(ExportEventsRequest request, ReaderScope scope, TrailRecords records) => new(
        Math.Max(request.FirstSequence, (records.Newest?.DroppedThrough ?? 0) + 1),
        request.LastSequence == 0 ? records.Newest?.LastSequence ?? records.Head : Math.Min(request.LastSequence, records.Head),
        StreamOf(request.Filter, scope),
        IsSelection(request.Filter));

    private static ByteString Take(MemoryStream chunk)
    {
        var data = ByteString.CopyFrom(chunk.GetBuffer(), 0, (int)chunk.Length);
        chunk.SetLength(0);
        return data;
    }

    private static string? StreamOf(EventFilter? filter, ReaderScope scope) => scope.Stream ?? (filter?.ProjectId is { Length: > 0 } project ? project : null);

    private static bool IsSelection(EventFilter? filter)
    {
        if (filter is null)
        {
            return false;
        }

        var rest = filter.Clone();
        rest.ProjectId = "";
        return !rest.Equals(new EventFilter());
    }

    private static IAsyncEnumerable<FoundEvent> FindAsync(NpgsqlConnection connection, EventFilter? filter, ReaderScope scope, ExportRange range)
    {
        var conditions = EventConditions.Of(filter, scope)
            .Add("sequence >= @First", "First", range.First)
            .Add("sequence <= @Last", "Last", range.Last);
        return connection.QueryUnbufferedAsync<FoundEvent>(
            $"""
            select {FoundEvent.Columns}
            from audit_event
            where {conditions.Sql}
            order by sequence
            """,
            conditions.Parameters,
            commandTimeout: 0);
    }
}

/// <summary>What is exported.</summary>
internal sealed record ExportRange(long First, long Last, string? Stream, bool IsSelection);

/// <summary>A form of export.</summary>
internal interface IExportFormat
{
    /// <summary>Writes what comes before the events.</summary>
    Task BeginAsync(Stream output);

    /// <summary>Writes an event.</summary>
    Task WriteAsync(Stream output, FoundEvent found);

    /// <summary>Writes what comes after the events.</summary>
    Task EndAsync(Stream output);
}
