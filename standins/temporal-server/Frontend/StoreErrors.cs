using Grpc.Core;
using Grpc.Core.Interceptors;
using Mainstay.TemporalServer.Storage;
using Npgsql;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Tells clients to try again when the database did not answer.</summary>
internal sealed class StoreErrors : Interceptor
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception e) when (e is StoreException or NpgsqlException)
        {
            throw ApiErrors.With(StatusCode.Unavailable, "the store is unavailable, please retry", null);
        }
    }
}
