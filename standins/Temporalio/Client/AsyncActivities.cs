using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;

namespace Temporalio.Client;

/// <summary>Ends activities, and sends their heartbeats, from outside their workers.</summary>
internal static class AsyncActivities
{
    public static async Task HeartbeatAsync(TemporalClient client, HeartbeatAsyncActivityInput input)
    {
        var details = await Requests.PayloadsAsync(client.Options.DataConverter, input.Options?.Details ?? []).ConfigureAwait(false);
        var rpc = Requests.Retried(input.Options?.Rpc);
        bool cancelled;
        if (input.Activity is AsyncActivityHandle.IdReference id)
        {
            cancelled = (await client.WorkflowService.RecordActivityTaskHeartbeatByIdAsync(
                new() { Namespace = client.Options.Namespace, WorkflowId = id.WorkflowId, RunId = id.RunId ?? string.Empty, ActivityId = id.ActivityId, Details = details, Identity = Identity(client) },
                rpc).ConfigureAwait(false)).CancelRequested;
        }
        else
        {
            cancelled = (await client.WorkflowService.RecordActivityTaskHeartbeatAsync(
                new() { Namespace = client.Options.Namespace, TaskToken = Token(input.Activity), Details = details, Identity = Identity(client) }, rpc).ConfigureAwait(false)).CancelRequested;
        }

        if (cancelled)
        {
            throw new AsyncActivityCanceledException();
        }
    }

    public static async Task CompleteAsync(TemporalClient client, CompleteAsyncActivityInput input)
    {
        var result = await Requests.PayloadsAsync(client.Options.DataConverter, [input.Result]).ConfigureAwait(false);
        var rpc = Requests.Retried(input.Options?.Rpc);
        await (input.Activity is AsyncActivityHandle.IdReference id
            ? (Task)client.WorkflowService.RespondActivityTaskCompletedByIdAsync(
                new() { Namespace = client.Options.Namespace, WorkflowId = id.WorkflowId, RunId = id.RunId ?? string.Empty, ActivityId = id.ActivityId, Result = result, Identity = Identity(client) }, rpc)
            : client.WorkflowService.RespondActivityTaskCompletedAsync(
                new() { Namespace = client.Options.Namespace, TaskToken = Token(input.Activity), Result = result, Identity = Identity(client) }, rpc)).ConfigureAwait(false);
    }

    public static async Task FailAsync(TemporalClient client, FailAsyncActivityInput input)
    {
        var failure = await client.Options.DataConverter.ToFailureAsync(input.Exception).ConfigureAwait(false);
        var details = await Requests.PayloadsAsync(client.Options.DataConverter, input.Options?.LastHeartbeatDetails ?? []).ConfigureAwait(false);
        var rpc = Requests.Retried(input.Options?.Rpc);
        if (input.Activity is AsyncActivityHandle.IdReference id)
        {
            await client.WorkflowService.RespondActivityTaskFailedByIdAsync(
                new()
                {
                    Namespace = client.Options.Namespace,
                    WorkflowId = id.WorkflowId,
                    RunId = id.RunId ?? string.Empty,
                    ActivityId = id.ActivityId,
                    Failure = failure,
                    LastHeartbeatDetails = details,
                    Identity = Identity(client),
                },
                rpc).ConfigureAwait(false);
            return;
        }

        await client.WorkflowService.RespondActivityTaskFailedAsync(
            new RespondActivityTaskFailedRequest { Namespace = client.Options.Namespace, TaskToken = Token(input.Activity), Failure = failure, LastHeartbeatDetails = details, Identity = Identity(client) },
            rpc).ConfigureAwait(false);
    }

    public static async Task ReportCancellationAsync(TemporalClient client, ReportCancellationAsyncActivityInput input)
    {
        var details = await Requests.PayloadsAsync(client.Options.DataConverter, input.Options?.Details ?? []).ConfigureAwait(false);
        var rpc = Requests.Retried(input.Options?.Rpc);
        await (input.Activity is AsyncActivityHandle.IdReference id
            ? (Task)client.WorkflowService.RespondActivityTaskCanceledByIdAsync(
                new() { Namespace = client.Options.Namespace, WorkflowId = id.WorkflowId, RunId = id.RunId ?? string.Empty, ActivityId = id.ActivityId, Details = details, Identity = Identity(client) }, rpc)
            : client.WorkflowService.RespondActivityTaskCanceledAsync(
                new() { Namespace = client.Options.Namespace, TaskToken = Token(input.Activity), Details = details, Identity = Identity(client) }, rpc)).ConfigureAwait(false);
    }

    private static ByteString Token(AsyncActivityHandle.Reference activity) => ByteString.CopyFrom(((AsyncActivityHandle.TaskTokenReference)activity).TaskToken);

    private static string Identity(TemporalClient client) => client.Connection.Options.Identity ?? $"{Environment.ProcessId}@{Environment.MachineName}";
}
