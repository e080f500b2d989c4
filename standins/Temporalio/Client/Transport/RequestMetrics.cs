using System.Text.RegularExpressions;
using Temporalio.Runtime.Metrics;

namespace Temporalio.Client.Transport;

/// <summary>Records the metrics of calls; those that wait for something to happen are long ones.</summary>
internal sealed partial class RequestMetrics(SdkMetrics metrics)
{
    private static readonly HashSet<string> AlwaysLong = ["PollWorkflowTaskQueue", "PollActivityTaskQueue", "PollNexusTaskQueue", "PollWorkflowExecutionUpdate", "UpdateWorkflowExecution"];

    /// <summary>The metrics of one attempt; null when none are kept.</summary>
    public (SdkMetrics Of, string Prefix)? Begin(string rpc, IMessage request)
    {
        if (!metrics.Enabled)
        {
            return null;
        }

        var prefix = AlwaysLong.Contains(rpc) || request is Api.WorkflowService.V1.GetWorkflowExecutionHistoryRequest { WaitNewEvent: true } ? "long_request" : "request";
        var of = request.Descriptor.FindFieldByName("namespace")?.Accessor.GetValue(request) is string { Length: > 0 } name ? metrics.With("namespace", name) : metrics;
        of = of.With("operation", rpc);
        of.Count(prefix);
        return (of, prefix);
    }

    /// <summary>Records the end of an attempt.</summary>
    public static void End((SdkMetrics Of, string Prefix)? call, TimeSpan latency, Grpc.Core.StatusCode? failure)
    {
        if (call is not var (of, prefix))
        {
            return;
        }

        of.Record($"{prefix}_latency", latency);
        if (failure is { } code)
        {
            of.With("status_code", Words().Replace(code.ToString(), "_$1").ToUpperInvariant()).Count($"{prefix}_failure");
        }
    }

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex Words();
}
