using System.Buffers.Binary;
using System.Text;

namespace Temporalio.Worker.Execution;

/// <summary>Makes the random seed of a run from its id, the one that Temporal's core makes: SipHash-1-3 without a key, over the id and a closing 0xFF.</summary>
internal static class RunSeed
{
    public static ulong From(string runId)
    {
        byte[] message = [.. Encoding.UTF8.GetBytes(runId), 0xFF];
        var (v0, v1, v2, v3) = (0x736F6D6570736575UL, 0x646F72616E646F6DUL, 0x6C7967656E657261UL, 0x7465646279746573UL);
        var whole = message.Length / 8 * 8;
        for (var i = 0; i < whole; i += 8)
        {
            Absorb(BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(i)));
        }

        // The last word holds what is left and, in its highest byte, the length.
        var last = (ulong)message.Length << 56;
        for (var i = whole; i < message.Length; i++)
        {
            last |= (ulong)message[i] << (8 * (i - whole));
        }

        Absorb(last);
        v2 ^= 0xFF;
        Round();
        Round();
        Round();
        return v0 ^ v1 ^ v2 ^ v3;

        void Absorb(ulong word)
        {
            v3 ^= word;
            Round();
            v0 ^= word;
        }

        void Round()
        {
            v0 += v1;
            v1 = ulong.RotateLeft(v1, 13) ^ v0;
            v0 = ulong.RotateLeft(v0, 32);
            v2 += v3;
            v3 = ulong.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = ulong.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = ulong.RotateLeft(v1, 17) ^ v2;
            v2 = ulong.RotateLeft(v2, 32);
        }
    }
}
