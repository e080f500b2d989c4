using System.Diagnostics;
using Grpc.Core;
using Mainstay.ServiceDefaults.Telemetry;

namespace Mainstay.ServiceDefaults.Clients;

/// <summary>One call to another service: its span, its measurements, and its failure under the service's name.</summary>
internal sealed class OutgoingCall
{
    private readonly string service;
    private readonly IMethod method;
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly Activity? caller = Activity.Current;
    private readonly Activity? span;
    private int ended;

    private OutgoingCall(string service, IMethod method)
    {
        this.service = service;
        this.method = method;
        span = RpcTelemetry.Source.StartActivity(method.FullName.TrimStart('/'), ActivityKind.Client);
        span?.SetTag("rpc.system", "grpc").SetTag("rpc.service", method.ServiceName).SetTag("rpc.method", method.Name).SetTag("server.address", service);
    }

    /// <summary>Makes a call within its span; afterwards the caller's span is the current one again.</summary>
    public static (OutgoingCall Observed, TCall Call) Begin<TCall>(string service, IMethod method, Func<TCall> begin)
    {
        var observed = new OutgoingCall(service, method);
        try
        {
            return (observed, begin());
        }
        finally
        {
            Activity.Current = observed.caller;
        }
    }

    /// <summary>Awaits the one response of a call, which ends it.</summary>
    public async Task<TResponse> EndsAsync<TResponse>(Task<TResponse> response)
    {
        var result = await NamedAsync(response);
        End(StatusCode.OK);
        return result;
    }

    /// <summary>Awaits a part of a call; its failure ends the call.</summary>
    public async Task<T> NamedAsync<T>(Task<T> part)
    {
        try
        {
            return await part;
        }
        catch (RpcException exception)
        {
            End(exception.StatusCode);
            throw new ServiceCallException(service, exception);
        }
    }

    public void End(StatusCode status)
    {
        if (Interlocked.Exchange(ref ended, 1) == 0)
        {
            RpcTelemetry.ClientEnded(span, method, status, Stopwatch.GetElapsedTime(start));
        }
    }
}
