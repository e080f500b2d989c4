using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mainstay.LocalStack.Auth;

namespace Mainstay.LocalStack.Tests.Auth;

public sealed class TokenMintTests : IDisposable
{
    private readonly TemporaryRunDirectory temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Mint_CheckedWithThePublishedKeySet_Verifies()
    {
        var key = new SigningKey(temporary.Directory);
        key.Ensure();

        var parts = new TokenMint(key, TimeProvider.System).Mint(new() { Subject = "ada", Role = "admin" }).Split('.');

        using var published = Published(key.KeySetPath);
        Assert.True(published.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        Assert.Equal("ada", claims.RootElement.GetProperty("sub").GetString());
        Assert.Equal("admin", claims.RootElement.GetProperty("role").GetString());
    }

    [Fact]
    public void Ensure_CalledTwice_KeepsTheKeyForItsOwnerAlone()
    {
        var key = new SigningKey(temporary.Directory);
        key.Ensure();
        var before = File.ReadAllText(key.KeySetPath);

        key.Ensure();

        Assert.Equal(before, File.ReadAllText(key.KeySetPath));
        Assert.All(new DirectoryInfo(temporary.Directory.Auth).EnumerateFiles(), file =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
    }

    private static ECDsa Published(string path)
    {
        using var keySet = JsonDocument.Parse(File.ReadAllText(path));
        var key = keySet.RootElement.GetProperty("keys")[0];
        byte[] Decode(string name) => Base64Url.DecodeFromChars(key.GetProperty(name).GetString());
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Decode("x"), Y = Decode("y") } });
    }
}
