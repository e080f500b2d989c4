using Mainstay.ServiceDefaults.Configuration;
using Microsoft.Extensions.Configuration;

namespace Mainstay.ServiceDefaults.Tests.Configuration;

public sealed class MainstayConfigurationTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    [Fact]
    public void Load_ValidFile_GivesItsValues()
    {
        var configuration = Load("postgres: {host: db, port: 5432}\ngrpc: {reflection: false}");

        Assert.Equal("db", configuration["postgres:host"]);
        Assert.Equal(5432, configuration.RequiredNumber("postgres:port"));
        Assert.Equal("false", configuration["grpc:reflection"]);
    }

    [Fact]
    public void Load_CommandLine_WinsOverTheFile() =>
        Assert.Equal("other", Load("postgres: {host: db}", "--postgres:host", "other")["postgres:host"]);

    [Fact]
    public void Load_DefaultOfMissingVariable_IsTaken() =>
        Assert.Equal("fallback", Load("postgres: {host: '${MAINSTAY_TEST_NOT_SET:-fallback}'}")["postgres:host"]);

    [Theory]
    [InlineData("postgres: {host: [", "not valid YAML")]
    [InlineData("postgres: {hosst: db}", "'postgres:hosst' is not a known key. Did you mean 'postgres:host'?")]
    [InlineData("postgres: {port: many}", "'postgres:port' must be a whole number, not 'many'.")]
    [InlineData("grpc: {reflection: perhaps}", "'grpc:reflection' must be true or false, not 'perhaps'.")]
    [InlineData("auth: {clock_skew: soon}", "'auth:clock_skew' must be a duration such as 500ms, 30s, 5m or 2h, not 'soon'.")]
    [InlineData("postgres: {password: '${MAINSTAY_TEST_NOT_SET}'}", "'postgres:password' refers to the environment variable MAINSTAY_TEST_NOT_SET, which is not set.")]
    [InlineData("just text", "expected keys and values")]
    public void Load_BadFile_IsRefusedWithTheKeyAndWhatToDo(string yaml, string expected) =>
        Assert.Contains(expected, Assert.Throws<MainstayConfigurationException>(() => Load(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_NoFile_IsRefusedWithItsPath()
    {
        File.Delete(file);

        Assert.Contains(file, Assert.Throws<MainstayConfigurationException>(() => Load(null)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(file);

    private ConfigurationManager Load(string? yaml, params string[] arguments)
    {
        if (yaml is not null)
        {
            File.WriteAllText(file, yaml);
        }

        var configuration = new ConfigurationManager();
        MainstayConfiguration.Load(configuration, ["--config", file, .. arguments]);
        return configuration;
    }
}
