using Temporalio.Activities;
using Temporalio.Worker.Interceptors;

namespace Temporalio.Worker.Activities;

/// <summary>Calls an activity through its interceptors.</summary>
internal static class ActivityInvocation
{
    public static Task<object?> RunAsync(WorkerContext context, ActivityExecutionContext execution, Action<object?[]> heartbeat, ExecuteActivityInput input)
    {
        ActivityInboundInterceptor chain = new Inbound(execution);
        foreach (var interceptor in context.Interceptors.Reverse())
        {
            chain = interceptor.InterceptActivity(chain);
        }

        chain.Init(new Outbound(heartbeat));
        return chain.ExecuteActivityAsync(input);
    }

    private sealed class Inbound(ActivityExecutionContext execution) : ActivityInboundInterceptor
    {
        public override void Init(ActivityOutboundInterceptor outbound) => execution.HeartbeatSink = details => outbound.Heartbeat(new(details));

        public override Task<object?> ExecuteActivityAsync(ExecuteActivityInput input) => input.Activity.InvokeAsync(input.Args);
    }

    private sealed class Outbound(Action<object?[]> heartbeat) : ActivityOutboundInterceptor
    {
        public override void Heartbeat(HeartbeatInput input) => heartbeat(input.Details);
    }
}
