using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Shows that gRPC was added, and remembers which routes already answer for unknown services.</summary>
internal sealed class GrpcMarkerService
{
    private readonly ConditionalWeakTable<IEndpointRouteBuilder, object> claimed = [];

    public bool ClaimUnknownServices(IEndpointRouteBuilder routes) => claimed.TryAdd(routes, this);
}

/// <summary>Sets the defaults before the application's own configuration.</summary>
internal sealed class GrpcServiceOptionsSetup : IConfigureOptions<GrpcServiceOptions>
{
    public void Configure(GrpcServiceOptions options)
    {
        if (!options.MaxReceiveMessageSizeSpecified)
        {
            options.MaxReceiveMessageSize = GrpcServiceOptions.DefaultMaxReceiveMessageSize;
        }
    }
}
