using Mainstay.Audit.Sinks.Delivering;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.Sinks.Control;

/// <summary>Makes a sink wait, and go on.</summary>
internal sealed class HoldSink(SinkSet sinks, SinkStore store, SinkHolds holds, ListSinks listSinks, NpgsqlDataSource database)
{
    private const int MostReasonCharacters = 500;

    public Task<Sink> PauseAsync(PauseSinkRequest request, string actor, CancellationToken cancellationToken) => request.Reason.Length > MostReasonCharacters
        ? throw AuditErrors.FieldInvalid("reason", $"must have at most {MostReasonCharacters} characters")
        : ChangeAsync(request.Name, SinkChange.Pause, request.Reason, actor, cancellationToken);

    public Task<Sink> ResumeAsync(ResumeSinkRequest request, string actor, CancellationToken cancellationToken) =>
        ChangeAsync(request.Name, SinkChange.Resume, "", actor, cancellationToken);

    private async Task<Sink> ChangeAsync(string name, SinkChange change, string reason, string actor, CancellationToken cancellationToken)
    {
        var sink = sinks.Find(name);
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await store.EnterAsync(connection, sink, cancellationToken);
            await holds.ExecuteAsync(connection, name, change, reason, actor, cancellationToken);
        }

        return await listSinks.ExecuteAsync(name, cancellationToken);
    }
}
