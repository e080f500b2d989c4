using Grpc.Core;
using Grpc.Core.Interceptors;
using Mainstay.TemporalServer.Storage;
using Npgsql;

namespace Mainstay.TemporalServer.Frontend;

/// <summary>Tells clients to try again when the database did not answer, and not to when no database could.</summary>
internal sealed class StoreErrors : Interceptor
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CharacterNotInRepertoire)
        {
            throw ApiErrors.Invalid("A name contains a null character.");
        }
        catch (Exception e) when (e is StoreException or NpgsqlException)
        {
            throw ApiErrors.With(StatusCode.Unavailable, "the store is unavailable, please retry", null);
        }
    }
}
