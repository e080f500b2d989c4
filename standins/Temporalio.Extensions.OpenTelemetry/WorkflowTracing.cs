using System.Diagnostics;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Extensions.OpenTelemetry;

/// <summary>Marks what a workflow does as short spans, none of them on replay, and carries the context on.</summary>
internal sealed class WorkflowTracing(TracingInterceptor tracing, WorkflowInboundInterceptor next) : WorkflowInboundInterceptor(next)
{
    // Spans of workflow code cannot stay open over days and processes: each is a moment, and only its context lives on.
    private static readonly AsyncLocal<ActivityContext> Current = new();

    public override void Init(WorkflowOutboundInterceptor outbound) => Next.Init(new Outbound(tracing, outbound));

    public override async Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input)
    {
        Current.Value = Mark($"RunWorkflow:{Workflow.Info.WorkflowType}", tracing.Extract(Workflow.Info.Headers), ActivityKind.Server);
        try
        {
            var result = await Next.ExecuteWorkflowAsync(input).ConfigureAwait(true);
            Mark($"CompleteWorkflow:{Workflow.Info.WorkflowType}", Current.Value, ActivityKind.Internal);
            return result;
        }
        catch (ContinueAsNewException)
        {
            Mark($"ContinueAsNewWorkflow:{Workflow.Info.WorkflowType}", Current.Value, ActivityKind.Internal);
            throw;
        }
        catch (FailureException)
        {
            Mark($"FailWorkflow:{Workflow.Info.WorkflowType}", Current.Value, ActivityKind.Internal);
            throw;
        }
    }

    public override async Task HandleSignalAsync(HandleSignalInput input)
    {
        Current.Value = Mark($"HandleSignal:{input.Signal}", tracing.Extract(input.Headers), ActivityKind.Server);
        await Next.HandleSignalAsync(input).ConfigureAwait(true);
    }

    public override async Task<object?> HandleUpdateAsync(HandleUpdateInput input)
    {
        Current.Value = Mark($"HandleUpdate:{input.Update}", tracing.Extract(input.Headers), ActivityKind.Server);
        return await Next.HandleUpdateAsync(input).ConfigureAwait(true);
    }

    private ActivityContext Mark(string name, ActivityContext parent, ActivityKind kind)
    {
        if (Workflow.Unsafe.IsReplaying)
        {
            return parent;
        }

        using var span = TracingInterceptor.WorkflowsSource.StartActivity(name, kind, parent);
        if (tracing.Options.TagNameWorkflowId is { } workflowId)
        {
            span?.SetTag(workflowId, Workflow.Info.WorkflowId);
        }

        if (tracing.Options.TagNameRunId is { } runId)
        {
            span?.SetTag(runId, Workflow.Info.RunId);
        }

        return span?.Context ?? parent;
    }

    private sealed class Outbound(TracingInterceptor tracing, WorkflowOutboundInterceptor next) : WorkflowOutboundInterceptor(next)
    {
        public override ContinueAsNewException CreateContinueAsNewException(CreateContinueAsNewExceptionInput input) =>
            Next.CreateContinueAsNewException(input with { Headers = tracing.Inject(input.Headers, Current.Value) });

        public override Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input) =>
            Next.ScheduleActivityAsync<TResult>(input with { Headers = tracing.Inject(input.Headers, Current.Value) });

        public override Task<TResult> ScheduleLocalActivityAsync<TResult>(ScheduleLocalActivityInput input) =>
            Next.ScheduleLocalActivityAsync<TResult>(input with { Headers = tracing.Inject(input.Headers, Current.Value) });

        public override Task SignalChildWorkflowAsync(SignalChildWorkflowInput input) =>
            Next.SignalChildWorkflowAsync(input with { Headers = tracing.Inject(input.Headers, Current.Value) });

        public override Task SignalExternalWorkflowAsync(SignalExternalWorkflowInput input) =>
            Next.SignalExternalWorkflowAsync(input with { Headers = tracing.Inject(input.Headers, Current.Value) });

        public override Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(StartChildWorkflowInput input) =>
            Next.StartChildWorkflowAsync<TWorkflow, TResult>(input with { Headers = tracing.Inject(input.Headers, Current.Value) });
    }
}
