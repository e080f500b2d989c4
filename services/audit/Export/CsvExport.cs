using System.Globalization;
using System.Text;
using System.Text.Json;
using Mainstay.Audit.Search;
using Mainstay.BusContracts;

namespace Mainstay.Audit.Export;

/// <summary>Comma-separated values by RFC 4180, safe to open in a spreadsheet.</summary>
internal sealed class CsvExport : IExportFormat
{
    private const string Names =
        "sequence,event_id,timestamp,workflow_id,activity_id,agent_id,action,connector,project_id,document_id,document_name,rbac_scope,initiated_by,on_behalf_of,"
        + "result,latency_ms,trace_id,service,policy_decision,policy_rule,attributes,stream_sequence,hash\r\n";

    // All but the places and the hash.
    private static readonly int EntryColumns = Names.Split(',').Length - 3;

    public async Task BeginAsync(Stream output) => await output.WriteAsync(Encoding.UTF8.GetBytes(Names));

    public async Task WriteAsync(Stream output, FoundEvent found)
    {
        string?[] values =
        [
            found.Sequence.ToString(CultureInfo.InvariantCulture),
            .. Values(found.Entry),
            found.StreamSequence.ToString(CultureInfo.InvariantCulture),
            found.Hash,
        ];
        await output.WriteAsync(Encoding.UTF8.GetBytes($"{string.Join(',', values.Select(Cell))}\r\n"));
    }

    public Task EndAsync(Stream output) => Task.CompletedTask;

    private static string?[] Values(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditEvent>(text) is { } entry ? Values(entry) : new string?[EntryColumns];
        }
        catch (JsonException)
        {
            // Altered into what is no event: the row says no more than that there is an entry.
            return new string?[EntryColumns];
        }
    }

    private static string?[] Values(AuditEvent entry) =>
    [
        entry.EventId,
        entry.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        entry.WorkflowId,
        entry.ActivityId,
        entry.AgentId,
        entry.Action,
        entry.Resource.Connector,
        entry.Resource.ProjectId,
        entry.Resource.DocumentId,
        entry.Resource.DocumentName,
        entry.RbacScope,
        entry.UserContext.InitiatedBy,
        entry.UserContext.OnBehalfOf,
        entry.Result,
        entry.LatencyMs.ToString(CultureInfo.InvariantCulture),
        entry.TraceId,
        entry.Service,
        entry.Policy?.Decision ?? "",
        entry.Policy?.Rule ?? "",
        JsonSerializer.Serialize(entry.Attributes),
    ];

    private static string Cell(string? value)
    {
        var safe = value is { Length: > 0 } && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{value}" : value ?? "";
        return safe.AsSpan().ContainsAny("\",\r\n") ? $"\"{safe.Replace("\"", "\"\"")}\"" : safe;
    }
}
