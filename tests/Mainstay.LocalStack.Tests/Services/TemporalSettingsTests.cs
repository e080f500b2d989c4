using Mainstay.LocalStack.Services;
using Npgsql;

namespace Mainstay.LocalStack.Tests.Services;

public sealed class TemporalSettingsTests
{
    [Theory]
    [InlineData("127.0.0.1:7233", "127.0.0.1:7233")]
    [InlineData("localhost:7300", "127.0.0.1:7300")]
    [InlineData("0.0.0.0:7300", "0.0.0.0:7300")]
    public void ReadAddress_IpAndPort_IsTaken(string given, string expected) => Assert.Equal(expected, TemporalSettings.ReadAddress(given));

    [Theory]
    [InlineData("7233")]
    [InlineData("127.0.0.1")]
    [InlineData("temporal.example.com:7233")]
    [InlineData("")]
    public void ReadAddress_AnythingElse_SaysWhatToGive(string given) =>
        Assert.Contains("--address 127.0.0.1:7233", Assert.Throws<LocalStackException>(() => TemporalSettings.ReadAddress(given)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Host=db;Username=u", "temporal")]
    [InlineData("Host=db;Username=u;Database=mine", "mine")]
    public void ReadDatabase_WithOrWithoutItsName_HasOne(string given, string expected) => Assert.Equal(expected, TemporalSettings.ReadDatabase(given).Database);

    [Fact]
    public void ReadDatabase_AnythingElse_SaysWhatToGive() =>
        Assert.Contains("Database=temporal", Assert.Throws<LocalStackException>(() => TemporalSettings.ReadDatabase("no connection")).Message, StringComparison.Ordinal);

    [Fact]
    public void TemporalServer_WithAPassword_KeepsItOffTheCommandLine()
    {
        var launch = ServiceLaunch.TemporalServer(new("127.0.0.1:7300", "team", new NpgsqlConnectionStringBuilder("Host=db;Database=mine;Password=secret")));

        Assert.Equal(["--address", "127.0.0.1:7300", "--namespace", "team"], launch.Command.Skip(2).Take(4));
        Assert.DoesNotContain(launch.Command, word => word.Contains("secret", StringComparison.Ordinal));
        Assert.Equal("secret", launch.Environment["PGPASSWORD"]);
    }
}
