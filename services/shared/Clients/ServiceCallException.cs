using Grpc.Core;

namespace Mainstay.ServiceDefaults.Clients;

/// <summary>
/// A call to another service failed. Where the code that made the call does not handle it, the caller hears which service failed, and
/// never that service's refusal as if it were its own fault.
/// </summary>
public sealed class ServiceCallException(string service, RpcException failure)
    : RpcException(failure.Status, failure.Trailers, $"The call to {service} failed: {failure.Status}")
{
    /// <summary>The service that was called, as the configuration names it.</summary>
    public string Service { get; } = service;
}
