using Grpc.Core;
using Mainstay.ServiceDefaults.Authentication;
using Mainstay.Skills.V1;

namespace Mainstay.Skills.Changes;

/// <summary>Tells one watcher of changes as they happen, until it leaves or the service stops.</summary>
internal sealed class WatchSkills(ReadChanges read, ChangeSignal signal, IHostApplicationLifetime lifetime)
{
    private const int MostNames = 1000;

    public async Task ExecuteAsync(
        WatchSkillsRequest request, IServerStreamWriter<WatchSkillsResponse> responses, CallerContext caller, CancellationToken cancellationToken)
    {
        if (request.SkillNames.Count > MostNames)
        {
            throw SkillErrors.FieldInvalid(("skill_names", $"must be at most {MostNames}"));
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            var (cursor, seen) = await BeginAsync(request, ending.Token);
            await TellAsync(cursor, seen, [.. request.SkillNames], responses, caller, ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The service is stopping. Watch again from the last cursor."));
        }
    }

    private async Task<(ChangeCursor Cursor, string Seen)> BeginAsync(WatchSkillsRequest request, CancellationToken cancellationToken)
    {
        if (request.Cursor.Length == 0)
        {
            return await read.NowAsync(cancellationToken);
        }

        return ChangeCursor.TryParse(request.Cursor, out var cursor) ? (cursor, "") : throw SkillErrors.FieldInvalid(("cursor", "must be that of a message received, or empty"));
    }

    private async Task TellAsync(
        ChangeCursor cursor, string seen, string[] skillNames, IServerStreamWriter<WatchSkillsResponse> responses, CallerContext caller, CancellationToken cancellationToken)
    {
        await responses.WriteAsync(new WatchSkillsResponse { Cursor = cursor.ToString() }, cancellationToken);
        while (true)
        {
            var next = signal.Next;
            var changes = await read.AfterAsync(cursor, seen, skillNames, caller, cancellationToken);
            foreach (var change in changes)
            {
                await responses.WriteAsync(change, cancellationToken);
            }

            if (changes.Count == 0)
            {
                await signal.WaitAsync(next, cancellationToken);
            }
            else
            {
                ChangeCursor.TryParse(changes[^1].Cursor, out cursor);
            }
        }
    }
}
