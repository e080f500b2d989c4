namespace Temporalio.Common;

/// <summary>Random numbers that come out the same for the same seed on every machine, and the same as the official SDK's: PCG with 128 bits of state, XSL-RR output.</summary>
public class DeterministicRandom : Random
{
    private static readonly UInt128 Multiplier = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

    private UInt128 state;

    public DeterministicRandom(ulong seed)
    {
        var words = new uint[4];
        for (var i = 0; i < words.Length; i++)
        {
            // A smaller PCG spreads the seed over the state.
            seed = (seed * 0x5851F42D4C957F2D) + 0xA17654E46FBE17F3;
            words[i] = uint.RotateRight((uint)(((seed >> 18) ^ seed) >> 27), (int)(seed >> 59));
        }

        state = new UInt128(((ulong)words[3] << 32) | words[2], ((ulong)words[1] << 32) | words[0]) | 1;
    }

    public override int Next() => Next(int.MaxValue);

    public override int Next(int maxValue) => Next(0, maxValue);

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        var range = (uint)(maxValue - minValue);
        if (range == 0)
        {
            return minValue;
        }

        var (result, rest) = Multiply(range);
        if (rest > 0 - range)
        {
            // A second number makes the first less biased.
            var (carry, _) = Multiply(range);
            result += rest + (ulong)carry > uint.MaxValue ? 1U : 0;
        }

        return (int)((uint)minValue + result);
    }

    public override double NextDouble() => Sample();

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var value = NextUInt64();
            for (var i = 0; i < 8 && buffer.Length > 0; i++, buffer = buffer[1..])
            {
                buffer[0] = (byte)(value >> (8 * i));
            }
        }
    }

    protected override double Sample() => (NextUInt64() >> 12) * (1.0 / (1UL << 52));

    private (uint High, uint Low) Multiply(uint range)
    {
        var product = (ulong)(uint)NextUInt64() * range;
        return ((uint)(product >> 32), (uint)product);
    }

    private ulong NextUInt64()
    {
        state *= Multiplier;
        return ulong.RotateRight((ulong)(state >> 64) ^ (ulong)state, (int)(state >> 122));
    }
}
