using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Mainstay.TemporalServer.Executions;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Operations on activities that have not ended.</summary>
internal sealed partial class WorkflowFrontend
{
    /// <inheritdoc/>
    public override async Task<PauseActivityResponse> PauseActivity(PauseActivityRequest request, ServerCallContext context)
    {
        RequireActivity(request.Id, request.Type, all: false);
        await OperateAsync(request.Namespace, request.Execution, change => change.Pause(request));
        return new PauseActivityResponse();
    }

    /// <inheritdoc/>
    public override async Task<UnpauseActivityResponse> UnpauseActivity(UnpauseActivityRequest request, ServerCallContext context)
    {
        RequireActivity(request.Id, request.Type, request.UnpauseAll);
        await OperateAsync(request.Namespace, request.Execution, change => change.Unpause(request, Jitter.Within(request.Jitter)));
        return new UnpauseActivityResponse();
    }

    /// <inheritdoc/>
    public override async Task<ResetActivityResponse> ResetActivity(ResetActivityRequest request, ServerCallContext context)
    {
        RequireActivity(request.Id, request.Type, request.MatchAll);
        await OperateAsync(request.Namespace, request.Execution, change => change.Reset(request, Jitter.Within(request.Jitter)));
        return new ResetActivityResponse();
    }

    /// <inheritdoc/>
    public override async Task<UpdateActivityOptionsResponse> UpdateActivityOptions(UpdateActivityOptionsRequest request, ServerCallContext context)
    {
        RequireActivity(request.Id, request.Type, request.MatchAll);
        if (request is { RestoreOriginal: true, UpdateMask.Paths.Count: > 0 })
        {
            throw ApiErrors.Invalid("Both UpdateMask and RestoreOriginal are provided");
        }

        var response = new UpdateActivityOptionsResponse();
        await OperateAsync(request.Namespace, request.Execution, change => response.ActivityOptions = change.UpdateOptions(request));
        return response;
    }

    private async Task OperateAsync(string @namespace, WorkflowExecution? execution, Action<RunChange> operation)
    {
        var run = await FindAsync(@namespace, execution);
        try
        {
            await host.ApplyAsync(run, change =>
            {
                RequireOpen(change.State);
                operation(change);
                return true;
            });
        }
        catch (ActivityOperationException e)
        {
            throw e.Unknown ? ApiErrors.NotFound(e.Message) : ApiErrors.Invalid(e.Message);
        }
    }

    private static void RequireActivity(string id, string type, bool all)
    {
        if (id.Length == 0 && type.Length == 0 && !all)
        {
            throw ApiErrors.Invalid("Either Activity.Id or Activity.Type should be set on request.");
        }
    }
}

/// <summary>Spreads what would come all at once.</summary>
internal static class Jitter
{
    /// <summary>A wait of any length up to the given one.</summary>
    public static Duration Within(Duration? most)
    {
        WireTimes.Cap(most);
        return most.IsSet() ? Duration.FromTimeSpan(most!.ToTimeSpan() * Random.Shared.NextDouble()) : new Duration();
    }
}
