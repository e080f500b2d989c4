using Dapper;
using Mainstay.ToolGateway.Invocation;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Mainstay.ToolGateway.Tests.ToolGatewayFixture;

namespace Mainstay.ToolGateway.Tests.Invocation;

public sealed class ForgetInvocationsTests(ToolGatewayFixture gateway) : IClassFixture<ToolGatewayFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("8 days", "7 days", false)]
    [InlineData("6 days", "5 days", true)]
    [InlineData("8 days", "-10 seconds", true)]
    public async Task ExecuteOnce_Result_IsKeptForAWeekAndWhileItsCallRuns(string createdBefore, string leaseEndedBefore, bool isKept)
    {
        var call = NewCall("probe", "fail");
        call.IdempotencyKey = NewName("key");
        await gateway.User().CallToolAsync(call, cancellationToken: Cancellation);
        await using var connection = await gateway.Service.Application.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync(
            """
            update invocation
            set create_time = now() - @CreatedBefore::interval, lease_until = now() - @LeaseEndedBefore::interval
            where idempotency_key = @IdempotencyKey
            """,
            new { createdBefore, leaseEndedBefore, call.IdempotencyKey });

        await gateway.Service.Application.Services.GetRequiredService<ForgetInvocations>().ExecuteOnceAsync(Cancellation);

        Assert.Equal(isKept, (await gateway.User().CallToolAsync(call, cancellationToken: Cancellation)).Replayed);
    }
}
