/** The package `i2c-bus`, as far as it is used here. */
declare module 'i2c-bus' {
  export interface PromisifiedBus {
    /** SMBus Receive Byte, Send Byte, Read/Write Byte Data, Read/Write Word Data, I2C block read and write. */
    receiveByte(address: number): Promise<number>;
    sendByte(address: number, byte: number): Promise<void>;
    readByte(address: number, command: number): Promise<number>;
    writeByte(address: number, command: number, byte: number): Promise<void>;
    readWord(address: number, command: number): Promise<number>;
    writeWord(address: number, command: number, word: number): Promise<void>;
    readI2cBlock(
      address: number,
      command: number,
      length: number,
      into: Buffer,
    ): Promise<{ bytesRead: number }>;
    writeI2cBlock(address: number, command: number, length: number, from: Buffer): Promise<unknown>;
    close(): Promise<void>;
  }
  const bus: { openPromisified(number: number): Promise<PromisifiedBus> };
  export default bus;
}
