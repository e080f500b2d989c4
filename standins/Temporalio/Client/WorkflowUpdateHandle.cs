namespace Temporalio.Client;

/// <summary>An update whose result a client can wait for.</summary>
public record WorkflowUpdateHandle(ITemporalClient Client, string Id, string WorkflowId, string? WorkflowRunId = null)
{
    internal Api.Update.V1.Outcome? KnownOutcome { get; init; }

    public Task GetResultAsync(RpcOptions? rpcOptions = null) => GetResultAsync<ValueTuple>(rpcOptions);

    /// <summary>Waits for the result; a rejection or failure is thrown as <see cref="WorkflowUpdateFailedException" />.</summary>
    public virtual async Task<TResult> GetResultAsync<TResult>(RpcOptions? rpcOptions = null)
    {
        var outcome = KnownOutcome ?? await WorkflowUpdates.PollAsync(this, rpcOptions).ConfigureAwait(false);
        var converter = Client.Options.DataConverter;
        return outcome.Failure is { } failure
            ? throw new WorkflowUpdateFailedException(await converter.ToExceptionAsync(failure).ConfigureAwait(false))
            : await WorkflowResult.ValueAsync<TResult>(converter, outcome.Success).ConfigureAwait(false);
    }
}

/// <summary>An update of a known result.</summary>
public record WorkflowUpdateHandle<TResult>(ITemporalClient Client, string Id, string WorkflowId, string? WorkflowRunId = null)
    : WorkflowUpdateHandle(Client, Id, WorkflowId, WorkflowRunId)
{
    public new Task<TResult> GetResultAsync(RpcOptions? rpcOptions = null) => GetResultAsync<TResult>(rpcOptions);
}
