using Grpc.AspNetCore.ClientFactory;
using Grpc.Core;
using Grpc.Net.ClientFactory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grpc.AspNetCore.ClientFactory
{
    /// <summary>How a call's deadline and cancellation are handed on.</summary>
    public class GrpcContextPropagationOptions
    {
        /// <summary>Whether a client that is used outside of a call goes without, rather than fail. Default false.</summary>
        public bool SuppressContextNotFoundErrors { get; set; }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Hands the deadline and cancellation of the call being served on to the calls that it makes.</summary>
    public static class GrpcServerHttpClientBuilderExtensions
    {
        /// <summary>Hands deadline and cancellation on.</summary>
        public static IHttpClientBuilder EnableCallContextPropagation(this IHttpClientBuilder builder) =>
            builder.EnableCallContextPropagation(_ => { });

        /// <summary>Hands deadline and cancellation on.</summary>
        public static IHttpClientBuilder EnableCallContextPropagation(this IHttpClientBuilder builder, Action<GrpcContextPropagationOptions> configureOptions)
        {
            ArgumentNullException.ThrowIfNull(builder);
            var propagation = new GrpcContextPropagationOptions();
            configureOptions(propagation);
            builder.Services.TryAddSingleton<IHttpContextAccessor, HttpContextAccessor>();
            builder.Services.Configure<GrpcClientFactoryOptions>(builder.Name, options => options.CallOptionsActions.Add(call => Propagate(call, propagation)));
            return builder;
        }

        private static void Propagate(CallOptionsContext call, GrpcContextPropagationOptions propagation)
        {
            if (call.ServiceProvider.GetRequiredService<IHttpContextAccessor>().HttpContext?.Features.Get<ServerCallContext>() is not { } context)
            {
                if (propagation.SuppressContextNotFoundErrors)
                {
                    return;
                }

                throw new InvalidOperationException("Unable to propagate server context values to the call. Can't find the gRPC ServerCallContext on the current HttpContext.");
            }

            var options = call.CallOptions;
            if (context.Deadline != DateTime.MaxValue && (options.Deadline is null || context.Deadline < options.Deadline))
            {
                options = options.WithDeadline(context.Deadline);
            }

            call.CallOptions = options.WithCancellationToken(Either(options.CancellationToken, context));
        }

        // Whichever comes first; forgotten with the call being served, because the caller's own token may live for ever.
        private static CancellationToken Either(CancellationToken own, ServerCallContext context)
        {
            if (!own.CanBeCanceled)
            {
                return context.CancellationToken;
            }

            var linked = CancellationTokenSource.CreateLinkedTokenSource(own, context.CancellationToken);
            context.GetHttpContext().Response.RegisterForDispose(linked);
            return linked.Token;
        }
    }
}
