// SPDX-License-Identifier: Apache-2.0

internal import ByteTrees
public import ElGamal
public import GroupArithmetic

/// Writes a list of ciphertexts whose length nobody knows before its end: the valid ballots, batch by batch.
///
/// Betas, which come behind all alphas in the file, wait in a second file. Use it from one thread at a time.
public final class CiphertextListWriter {
    public let group: SafePrimeGroup
    private let folder: ProofFolder
    private let name: String
    private var alphas: ProofFileWriter
    private var betas: ProofFileWriter
    public private(set) var count = 0

    /// - Parameter name: of the file, CiphertextList00.bt unless something else is said.
    public init(
        in folder: ProofFolder, group: SafePrimeGroup, name: String = ProofFileName.ciphertextList(0)
    ) {
        self.group = group
        self.folder = folder
        self.name = name
        alphas = ProofFileWriter(name + ".alphas", in: folder)
        betas = ProofFileWriter(name + ".betas", in: folder)
    }

    public func append(_ batch: CiphertextVector) {
        precondition(batch.group == group, "ciphertexts of another group")
        batch.alphas.numbers.write(to: &alphas, width: group.elementByteCount)
        batch.betas.numbers.write(to: &betas, width: group.elementByteCount)
        count += batch.count
    }

    /// Makes the list durable under its name.
    ///
    /// - Returns: the ciphertexts, which stay in the file, and the file.
    /// - Throws: what went wrong with a file, now or when a batch was appended.
    public func finish() throws(MixNetError) -> (ciphertexts: CiphertextVector, file: WrittenProofFile) {
        alphas.flush()
        betas.flush()
        if let failure = alphas.failure ?? betas.failure { throw .storage(file: name, code: failure) }
        var file = ProofFileWriter(name, in: folder)
        file.appendNodeHeader(2)
        file.appendNodeHeader(count)
        file.append(contentsOf: alphas)
        file.appendNodeHeader(count)
        file.append(contentsOf: betas)
        let written = try file.finish()
        let ciphertexts = try folder.readOwn(name) { reader throws(VectorError) in
            try CiphertextVector(ownList: &reader, count: count, in: group)
        }
        return (ciphertexts, written)
    }
}
