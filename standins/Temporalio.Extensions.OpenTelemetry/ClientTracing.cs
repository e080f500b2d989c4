using System.Diagnostics;
using Temporalio.Client;
using Temporalio.Client.Interceptors;

namespace Temporalio.Extensions.OpenTelemetry;

/// <summary>Opens a span for each call of a client and sends its context along.</summary>
internal sealed class ClientTracing(TracingInterceptor tracing, ClientOutboundInterceptor next) : ClientOutboundInterceptor(next)
{
    public override async Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input)
    {
        using var span = Start($"{(input.Options.StartSignal is null ? "StartWorkflow" : "SignalWithStartWorkflow")}:{input.Workflow}", input.Options.Id);
        return await Next.StartWorkflowAsync<TWorkflow, TResult>(input with { Headers = tracing.Inject(input.Headers, Current) }).ConfigureAwait(false);
    }

    public override async Task SignalWorkflowAsync(SignalWorkflowInput input)
    {
        using var span = Start($"SignalWorkflow:{input.Signal}", input.Id);
        await Next.SignalWorkflowAsync(input with { Headers = tracing.Inject(input.Headers, Current) }).ConfigureAwait(false);
    }

    public override async Task<TResult> QueryWorkflowAsync<TResult>(QueryWorkflowInput input)
    {
        using var span = Start($"QueryWorkflow:{input.Query}", input.Id);
        return await Next.QueryWorkflowAsync<TResult>(input with { Headers = tracing.Inject(input.Headers, Current) }).ConfigureAwait(false);
    }

    public override async Task<WorkflowUpdateHandle<TResult>> StartWorkflowUpdateAsync<TResult>(StartWorkflowUpdateInput input)
    {
        using var span = Start($"UpdateWorkflow:{input.Update}", input.Id);
        return await Next.StartWorkflowUpdateAsync<TResult>(input with { Headers = tracing.Inject(input.Headers, Current) }).ConfigureAwait(false);
    }

    private static ActivityContext Current => Activity.Current?.Context ?? default;

    private Activity? Start(string name, string? workflowId)
    {
        var span = TracingInterceptor.ClientSource.StartActivity(name, ActivityKind.Client);
        if (tracing.Options.TagNameWorkflowId is { } tag)
        {
            span?.SetTag(tag, workflowId);
        }

        return span;
    }
}
