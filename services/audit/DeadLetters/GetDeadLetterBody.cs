using System.Data;
using Google.Protobuf;
using Grpc.Core;
using Mainstay.Audit.V1;
using Npgsql;

namespace Mainstay.Audit.DeadLetters;

/// <summary>Streams the message of a dead letter, however large it is, from the database to the caller.</summary>
internal sealed class GetDeadLetterBody(NpgsqlDataSource database)
{
    private const int PieceBytes = 64 * 1024;

    public async Task ExecuteAsync(long deadLetterId, IServerStreamWriter<GetDeadLetterBodyResponse> stream, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select body from dead_letter where id = $1");
        command.Parameters.Add(new() { Value = deadLetterId });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            throw AuditErrors.DeadLetterNotFound(deadLetterId);
        }

        await using var body = await reader.GetStreamAsync(0, cancellationToken);
        var piece = new byte[PieceBytes];
        for (var count = await NextAsync(body, piece); count > 0; count = await NextAsync(body, piece))
        {
            await stream.WriteAsync(new GetDeadLetterBodyResponse { Data = ByteString.CopyFrom(piece, 0, count) }, cancellationToken);
        }

        Task<int> NextAsync(Stream from, byte[] into) => from.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, cancellationToken).AsTask();
    }
}
