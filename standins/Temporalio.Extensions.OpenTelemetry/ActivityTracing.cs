using System.Diagnostics;
using Temporalio.Activities;
using Temporalio.Worker.Interceptors;

namespace Temporalio.Extensions.OpenTelemetry;

/// <summary>Runs each activity inside a span that continues the workflow's trace.</summary>
internal sealed class ActivityTracing(TracingInterceptor tracing, ActivityInboundInterceptor next) : ActivityInboundInterceptor(next)
{
    public override async Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
    {
        var info = ActivityExecutionContext.Current.Info;
        using var span = TracingInterceptor.ActivitiesSource.StartActivity(
            $"RunActivity:{info.ActivityType}", ActivityKind.Server, tracing.Extract(input.Headers));
        Tag(span, tracing.Options.TagNameWorkflowId, info.WorkflowId);
        Tag(span, tracing.Options.TagNameRunId, info.WorkflowRunId);
        Tag(span, tracing.Options.TagNameActivityId, info.ActivityId);
        try
        {
            return await Next.ExecuteActivityAsync(input).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
    }

    private static void Tag(Activity? span, string? name, string? value)
    {
        if (name is not null)
        {
            span?.SetTag(name, value);
        }
    }
}
